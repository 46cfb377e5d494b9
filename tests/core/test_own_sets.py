"""Sets of one's own digits: made of what has a label, changed digit by digit by several at once."""

import io
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_core.datasets import Dataset, Split, added, load_dataset
from mnist_core.errors import DatasetError
from mnist_core.own.own_digits import NO_DIGITS, UNKNOWN, OwnDigits, one_digit
from mnist_core.own.own_sets import change_digit, keep_digits, own_digits_of, own_set_names
from mnist_core.own.uploads import MOST_IN_ARCHIVE, take_part

DIGITS = tuple("0123456789")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path))
    return tmp_path


def own(*labels: int, seed: int = 0) -> OwnDigits:
    images = np.random.default_rng(seed).integers(0, 256, (len(labels), 28, 28)).astype(np.uint8)
    names = np.array([f"{seed}-{place}.png" for place in range(len(labels))])
    return OwnDigits(images, np.array(labels), names)


def test_digits_with_a_label_become_a_data_set_with_a_test_split_alone() -> None:
    digits = own(3, UNKNOWN, 5)
    assert keep_digits("mine", digits, DIGITS) == 2
    dataset = load_dataset("mine")
    assert dataset.outline.sizes == {"test": 2}
    assert (dataset.split("test").images == digits.images[[0, 2]]).all()
    assert dataset.split("test").labels.tolist() == [3, 5]
    assert own_set_names() == ("mine",)
    # Once more they are there already; others are put behind them.
    assert keep_digits("mine", digits, DIGITS) == 0
    assert keep_digits("mine", own(7, seed=1), DIGITS) == 1
    assert own_digits_of("mine").labels.tolist() == [3, 5, 7]


def test_what_cannot_be_kept_is_refused_and_changes_nothing() -> None:
    split = Split("test", own(1).images, np.array([1]))
    added.write(Dataset("theirs", "Theirs", {"test": split}, source="a file"))
    with pytest.raises(DatasetError, match="Say first"):
        keep_digits("mine", own(UNKNOWN), DIGITS)
    with pytest.raises(DatasetError, match="another data set"):
        keep_digits("theirs", own(1), DIGITS)
    with pytest.raises(DatasetError, match="comes along"):
        keep_digits("mnist", own(1), DIGITS)
    keep_digits("mine", own(1), DIGITS)
    with pytest.raises(DatasetError, match="classes of mine"):
        keep_digits("mine", own(1), ("a", "b"))
    assert own_set_names() == ("mine",)


def test_a_digit_is_relabelled_and_removed_wherever_it_lies_by_now() -> None:
    digits = own(1, 2, 3)
    keep_digits("mine", digits, DIGITS)
    change_digit("mine", digits.images[0], "0-0.png", lambda all_, at: all_.without([at]))
    change_digit("mine", digits.images[2], "0-2.png", lambda all_, at: all_.labelled_as(9, [at]))
    assert own_digits_of("mine").labels.tolist() == [2, 9]
    with pytest.raises(DatasetError, match="removed since"):
        change_digit("mine", digits.images[0], "0-0.png", lambda all_, at: all_.without([at]))
    change_digit("mine", digits.images[1], "0-1.png", lambda all_, at: all_.without([at]))
    with pytest.raises(DatasetError, match="Delete the set"):
        change_digit("mine", digits.images[2], "0-2.png", lambda all_, at: all_.without([at]))


def test_those_who_add_at_once_lose_nothing() -> None:
    def keep(seed: int) -> None:
        for label in range(5):
            image = own(label, seed=100 * seed + label).images[0]
            keep_digits("mine", one_digit(image, label, f"{seed} {label}"), DIGITS)

    threads = [threading.Thread(target=keep, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(own_digits_of("mine")) == 20


def bar(*columns: int) -> bytes:
    sheet = Image.new("L", (60 * len(columns) + 60, 120), 255)
    for column in columns:
        ImageDraw.Draw(sheet).line([(column, 20), (column, 100)], 0, 8)
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def test_an_archive_is_taken_in_parts_and_names_its_digits() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in (
            ("1/a.png", bar(30)),
            ("row.png", bar(40, 120)),
            ("torn.png", b"\x89PNG"),
        ):
            archive.writestr(name, content)
    parts = [take_part("all.bin", file.getvalue(), DIGITS, start=start, n=2) for start in (0, 2, 4)]
    assert [part.n_pictures for part in parts] == [3, 3, 3]
    digits = parts[0].digits
    assert digits.names.tolist() == ["1/a.png", "row.png (1 of 2)", "row.png (2 of 2)"]
    assert digits.labels.tolist() == [1, UNKNOWN, UNKNOWN]
    assert [one.name for one in parts[1].refused] == ["torn.png"]
    assert len(parts[2].digits) == 0


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\3\4 torn", b"%!PS", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused_by_its_name(content: bytes) -> None:
    part = take_part("odd.png", content, DIGITS, start=0, n=1)
    assert len(part.digits) == 0
    (refused,) = part.refused
    assert refused.name == "odd.png"
    assert "in odd.png" in refused.reason


def test_an_archive_of_too_many_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(MOST_IN_ARCHIVE + 1):
            archive.writestr(f"{number}.png", b"")
    (refused,) = take_part("many.zip", file.getvalue(), DIGITS, start=0, n=1).refused
    assert "1 to 1,000" in refused.reason


def test_digits_are_joined_labelled_and_taken_out() -> None:
    digits = NO_DIGITS.joined(own(1, UNKNOWN)).joined(own(4, seed=1))
    assert digits.labelled.tolist() == [0, 2]
    assert digits.labelled_as(7, [1]).labels.tolist() == [1, 7, 4]
    assert digits.without([0, 2]).names.tolist() == ["0-1.png"]
    with pytest.raises(ValueError, match="read-only"):
        digits.labels[0] = 3
