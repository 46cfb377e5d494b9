"""What is looked at and how, and the address that restores both."""

from dataclasses import dataclass, replace
from typing import Annotated, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.navigation import SITE_MAP, PageEntry
from dashboard.visit.display import Display, OneOf, Pattern, Positions, Span
from dashboard.visit.selection import LABELS, NAMES, Selection, read_selection
from mnist_core.explainers import EXPLAINERS

OF_KIND = {
    str | None: st.none() | st.text(min_size=1, max_size=20),
    int | None: st.none() | st.integers(0, 99_999),
    str: st.sampled_from(LABELS),
}
DRAWN = {name: OF_KIND[kind] for name, kind in get_type_hints(Selection).items()}
WITH_CHOICES = [entry for entry in SITE_MAP if entry.display.names()]
CHOICES = [(entry, name) for entry in WITH_CHOICES for name in entry.display.names()]


def displays(entry: PageEntry) -> st.SearchStrategy[Display]:
    def drawn(name: str) -> st.SearchStrategy[str | int]:
        allowed = entry.display.allowed(name)
        if isinstance(allowed, Span):
            return st.integers(allowed.least, allowed.most)
        if isinstance(allowed, Positions):
            positions = st.lists(st.integers(0, 99_999), max_size=allowed.most, unique=True)
            return positions.map(lambda picked: ",".join(map(str, picked)))
        if isinstance(allowed, Pattern):
            return st.from_regex(allowed.form, fullmatch=True)
        return st.sampled_from(allowed)

    return st.builds(entry.display, **{name: drawn(name) for name in entry.display.names()})


@given(st.builds(Selection, **DRAWN))
def test_every_selection_comes_back_from_its_address(selection: Selection) -> None:
    assert read_selection(selection.query()) == (selection, ())


@pytest.mark.parametrize("entry", WITH_CHOICES, ids=lambda entry: entry.name)
@given(st.data())
def test_every_display_comes_back_from_its_address(entry: PageEntry, data: st.DataObject) -> None:
    display = data.draw(displays(entry))
    assert entry.display.read(display.query()) == (display, ())
    default = entry.display()
    assert set(display.query()) == {
        name for name in entry.display.names() if getattr(display, name) != getattr(default, name)
    }


def test_what_a_page_shows_at_first_is_a_promise() -> None:
    lists = {"sort": "confidence", "zoom": 2}
    cells = {"cells": "counts", "colours": "logarithmic"}
    opened = {"every_run": "hidden"}
    assert {entry.name: vars(entry.display()) for entry in SITE_MAP} == {
        "overview": {},
        "dataset": {"below": "images", "against": ""},
        "training": {"lines": "both", "scale": "logarithmic", "along": "epochs", "smoothing": 0},
        "runs": {**lists, "table": "accuracy", "mean": "hidden"},
        "confusion": {
            **lists,
            **cells,
            **opened,
            "order": "number",
            "empty": "shown",
            "rare": "shown",
            "nearest": "hidden",
        },
        "comparison": {**lists, **cells, **opened, "comparing": "changes", "part": "any"},
        "history": {**lists, **cells, **opened, "history": "never"},
        "causes": {**lists, "fault": "triage"},
        "confidence": {
            **lists,
            **opened,
            "confidences": "answered",
            "axes": "stretched",
            "target": "0.5",
            "rule": "proposed",
            "threshold": 100,
            "outcome": "remaining",
        },
        "map": {**lists, **opened, "layout": "pca", "colour": "truth", "points": "all"},
        "sets": {**lists, **opened},
        "explanations": {
            **opened,
            "method": "deep-shap",
            "of": "probability",
            "first": -1,
            "second": -1,
            "background": 100,
            "seed": 0,
            "turned": -1,
            "redrawn": -1,
            "trust": "hidden",
            "beside": "occlusion",
            "average": "hidden",
            "sheet": "hidden",
            "picked": "",
        },
        "network": {**opened, "layer": 1, "pixel": "", "off": "", "among": "layer"},
        "sketch": {**opened, "vary": "hidden", "turned": -1},
        "pictures": {},
    }


def test_no_choice_of_display_has_the_name_of_something_that_is_looked_at() -> None:
    assert not {name for _, name in CHOICES} & set(NAMES)


@pytest.mark.parametrize("text", ["-", "--1", "1.5", "abc", "²", "9" * 30])
def test_a_value_that_is_no_number_is_left_out_with_a_sentence(text: str) -> None:
    selection, notes = read_selection({"image": text, "run": "a"})
    assert selection == Selection(run="a")
    assert len(notes) == 1
    assert "image should be a whole number" in notes[0]


@pytest.mark.parametrize(("entry", "name"), CHOICES, ids=lambda one: getattr(one, "name", one))
def test_an_unknown_display_is_left_out_with_a_sentence(entry: PageEntry, name: str) -> None:
    display, (note,) = entry.display.read({name: "pie"})
    assert display == entry.display()
    allowed = entry.display.allowed(name)
    if isinstance(allowed, Span):
        said = f"{allowed.least} to {allowed.most}"
    elif isinstance(allowed, Positions):
        said = f"positions with commas, at most {allowed.most}"
    else:
        said = allowed.meaning if isinstance(allowed, Pattern) else ", ".join(allowed)
    assert f"The link's {name} should be " in note
    assert f"{said}, not “pie”." in note


def test_labels_are_all_or_undisputed() -> None:
    assert read_selection({"labels": "all"}) == (Selection(), ())
    assert read_selection({"labels": "undisputed"}) == (Selection(labels="undisputed"), ())
    assert read_selection({"labels": "some"}) == (
        Selection(),
        ("The link's labels should be one of all, undisputed, not “some”.",),
    )


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=50), max_size=8))
def test_no_query_is_an_error(query: dict[str, str]) -> None:
    assert isinstance(read_selection(query)[0], Selection)
    for entry in SITE_MAP:
        assert isinstance(entry.display.read(query)[0], entry.display)


@pytest.mark.parametrize(
    ("text", "read"),
    [("3,14", "3,14"), (" 3, 14,3,", "3,14"), ("003", "3"), ("", ""), ("0,1,2,3", None)]
    + [(text, None) for text in ("-1", "1.5", "²", "1;2", "9" * 10)],
)
def test_picked_positions_are_read_each_once_and_not_too_many(text: str, read: str | None) -> None:
    assert Positions(most=3).read(text) == read


def test_an_address_with_a_word_of_before_opens_the_same_view() -> None:
    explanations = next(entry.display for entry in SITE_MAP if entry.name == "explanations")
    assert explanations.read({"sheet": "shown"}) == (explanations(sheet="pairs"), ())
    confusion = next(entry.display for entry in SITE_MAP if entry.name == "confusion")
    assert confusion.read({"cells": "claims"}) == (confusion(cells="predicted"), ())


def test_the_words_of_a_registry_are_choices_like_others() -> None:
    @dataclass(frozen=True)
    class Methods(Display):
        method: Annotated[str, OneOf(lambda: ("one", "two"))] = "one"

    assert Methods.allowed("method") == ("one", "two")
    assert Methods.read({"method": "two"}) == (Methods("two"), ())
    assert Methods("two").query() == {"method": "two"}
    display, (note,) = Methods.read({"method": "three"})
    assert display == Methods()
    assert "should be one of one, two, not “three”" in note


def test_a_text_in_an_address_is_of_its_form_and_not_too_long() -> None:
    @dataclass(frozen=True)
    class Written(Display):
        numbers: Annotated[str, Pattern(r"\d*", "some digits")] = ""

    assert Written.read({"numbers": "12"}) == (Written("12"), ())
    assert Written("12").query() == {"numbers": "12"}
    for text in ("1x", "1" * 2_001, "1\n"):
        display, (note,) = Written.read({"numbers": text})
        assert display == Written()
        assert note.startswith("The link's numbers should be some digits, not “1")


def test_a_method_can_be_asked_for_as_soon_as_it_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    display = next(entry.display for entry in SITE_MAP if entry.name == "explanations")
    newcomer = replace(EXPLAINERS["deep-shap"], name="newcomer")
    monkeypatch.setitem(EXPLAINERS, newcomer.name, newcomer)
    chosen, notes = display.read({"method": "newcomer"})
    assert notes == ()
    assert chosen.query() == {"method": "newcomer"}


def test_an_empty_value_is_nothing_chosen_but_for_curves() -> None:
    empty = dict.fromkeys(NAMES, "")
    assert read_selection(empty) == (Selection(curves=""), ())
