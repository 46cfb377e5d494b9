"""Causes come back from a spreadsheet as they went, or not at all."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import TriageError
from mnist_core.triage import CAUSES, LABEL_WRONG, Entry, Finding, Triage, cause_named
from mnist_core.triage.triage_csv import COLUMNS, read_csv, to_csv

SPLIT = "5eed" * 16
HEADING = ",".join(COLUMNS)
AT = "2025-03-04T05:06:07+00:00"


def entry(image: int, cause: str, label: int | None = None) -> Entry:
    return Entry(1, SPLIT, image, cause, label, AT)


def is_cause(words: str) -> bool:
    try:
        return cause_named(words) == words
    except TriageError:
        return False


def table(*lines: str) -> bytes:
    return "\n".join([HEADING, *lines]).encode()


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


dangerous = st.tuples(st.sampled_from(["=", "+", "-", "@", "'", "＝", ""]), st.text(max_size=20))
own_words = dangerous.map("".join).map(str.strip).filter(is_cause)
entries = st.builds(entry, st.integers(0, 99), own_words) | st.builds(
    entry, st.integers(0, 99), st.just(LABEL_WRONG), st.none() | st.integers(0, 9)
)


@given(some=st.lists(entries, unique_by=lambda e: e.image))
def test_what_goes_out_comes_back_and_no_cell_is_a_formula(some):
    content = to_csv({e.image: e for e in some})
    assert not [
        cell for line in cells(content) for cell in line if cell[:1] in tuple("=+-@＝＋－＠")
    ]
    findings = read_csv(content, split=SPLIT, size=100)
    assert findings == tuple(Finding(e.image, e.cause, e.label, e.at) for e in some)


def test_the_table_is_what_people_expect():
    content = to_csv({3: entry(3, LABEL_WRONG, 7), 5: entry(5, '=HYPERLINK("x", 1)')})
    assert content.decode("utf-8-sig").splitlines() == [
        "index,cause,suggested_label,time,split_fingerprint",
        f"3,label wrong,7,{AT},{SPLIT}",
        f"""5,"'=HYPERLINK(""x"", 1)",,{AT},{SPLIT}""",
    ]


def test_nothing_said_is_a_table_without_lines():
    assert read_csv(to_csv({}), split=SPLIT, size=100) == ()


def test_only_what_differs_is_taken_over(tmp_path):
    one, other = Triage(tmp_path / "one.sqlite"), Triage(tmp_path / "other.sqlite")
    for image, cause in enumerate(CAUSES):
        one.enter(SPLIT, image, cause)
        other.enter(SPLIT, image, cause)
    own = one.enter(SPLIT, 2, "-5 °C")
    added = other.merge(SPLIT, read_csv(to_csv(one.causes(SPLIT)), split=SPLIT, size=100))
    assert [(e.image, e.cause, e.at) for e in added] == [(2, "-5 °C", own.at)]
    assert other.merge(SPLIT, read_csv(to_csv(one.causes(SPLIT)), split=SPLIT, size=100)) == ()
    assert other.undo(added[0].number)
    assert other.causes(SPLIT)[2].cause == CAUSES[2]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_come_back_from_any_spreadsheet(delimiter):
    lines = (HEADING, f"3,Ambiguous,,2025-03-04 05:06:07,{SPLIT}", f"4,'til,,{AT},{SPLIT}", "")
    content = "\r\n".join(lines).replace(",", delimiter).encode("utf-8-sig")
    expected = (Finding(3, "ambiguous", None, AT), Finding(4, "'til", None, AT))
    assert read_csv(content, split=SPLIT, size=100) == expected


def test_times_are_taken_to_utc_and_no_time_is_now():
    content = table(f"3,a,,2025-03-04T07:06:07+02:00,{SPLIT}", f"4,a,,,{SPLIT}")
    there, here = read_csv(content, split=SPLIT, size=100)
    assert there.at == AT
    assert here.at > AT


def test_a_table_of_other_images_is_refused_in_one_sentence():
    content = table(f"3,a,,{AT},{SPLIT}", f"4,a,,{AT},{'cafe' * 16}", f"5,a,,{AT},")
    message = "fingerprint of the images on show, 5eed5eed…. Received: another in line 3, 2 in all"
    with pytest.raises(TriageError, match=message):
        read_csv(content, split=SPLIT, size=100)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("x,a,,{at}", "index 'x' is not a whole number"),
        ("-1,a,,{at}", "index '-1' is not a whole number"),
        ("100,a,,{at}", "index 100, but the split has 100 images"),
        ("4,,,{at}", "Expected a cause of 1 to 60"),
        (f"4,{'x' * 61},,{{at}}", "Expected a cause of 1 to 60"),
        ("4,label wrong,seven,{at}", "suggested_label 'seven' is not a whole number"),
        ("4,label wrong,10,{at}", "suggested_label 10, but the classes are 0 to 9"),
        ("4,ambiguous,7,{at}", "only where the cause is"),
        ("4,a,,yesterday", "time 'yesterday' is not like 20"),
        ("4,a,,0001-01-01T00:00+10:00", "time '0001-01-01T00:00"),
        ("3,b,,{at}", "index 3 a second time"),
    ],
)
def test_each_bad_line_is_named_with_its_number(line, complaint):
    bad = f"{line.format(at=AT)},{SPLIT}"
    content = table(f"3,a,,{AT},{SPLIT}", bad, f"5,a,,{AT},{SPLIT}", f"y,a,,{AT},{SPLIT}")
    with pytest.raises(TriageError, match=f"Line 3: .*{complaint}.* Line 5: index 'y'"):
        read_csv(content, split=SPLIT, size=100)


def test_of_very_many_bad_lines_the_first_are_told():
    with pytest.raises(TriageError, match=r"Line 21: .* And 30 more\. Fix them") as caught:
        read_csv(table(*[f"x,a,,{AT},{SPLIT}"] * 50), split=SPLIT, size=100)
    assert "Line 22" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "the columns index, cause"),
        (b"index,cause,time\n3,a,b\n", "the columns index, cause"),
        (table(f"3,a,,{AT},{SPLIT},more"), "Received: more in line 2"),
        (table(f"3,caf\u00e9,,{AT},{SPLIT}").decode().encode("latin-1"), "Save it as CSV UTF-8"),
        (table(f"3,{'x' * 200_000},,{AT},{SPLIT}"), "Save it as CSV UTF-8"),
    ],
)
def test_what_is_no_such_table_is_refused(content, complaint):
    with pytest.raises(TriageError, match=complaint):
        read_csv(content, split=SPLIT, size=100)
