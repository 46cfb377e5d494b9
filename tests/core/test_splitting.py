"""A picture of several digits gives each of them, line by line from left to right."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_core.datasets import Dataset
from mnist_core.inference.prediction import predict
from mnist_core.pictures.sketch import to_mnist
from mnist_core.pictures.splitting import digits_in


@pytest.fixture(scope="module")
def readable(mnist_5k: Dataset, bundled_models: Path) -> tuple[np.ndarray, np.ndarray]:
    split = mnist_5k.split("validation")
    right = predict(_model(bundled_models), split.images).argmax(axis=1) == split.labels
    return split.images[right], split.labels[right]


def _model(bundled_models: Path) -> Path:
    return bundled_models / "simple-conv" / "epoch-08.keras"


def inked(digit: np.ndarray, height: int) -> np.ndarray:
    """The ink of a digit so high, cut to its columns."""
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    cut = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = max(3, round(cut.shape[1] * height / len(cut))), height
    return np.asarray(Image.fromarray(cut).resize(size, Image.Resampling.BICUBIC))


def written(digits: Sequence[np.ndarray], random: np.random.Generator, gap: float) -> np.ndarray:
    """Digits in a row, of slightly different heights, up and down a little, so far apart."""
    height = int(random.integers(40, 120))
    inks = [inked(digit, int(height * random.uniform(0.85, 1.15))) for digit in digits]
    apart = int(gap * height)
    sheet = np.zeros((2 * height, sum(ink.shape[1] + apart for ink in inks) + height), np.uint8)
    left = height // 3
    for ink in inks:
        top = int(random.uniform(0.1, 0.4) * height)
        sheet[top : top + len(ink), left : left + ink.shape[1]] = ink
        left += ink.shape[1] + apart
    return sheet


def test_digits_in_a_row_are_found_and_read_from_left_to_right(
    readable: tuple[np.ndarray, np.ndarray], bundled_models: Path
) -> None:
    images, labels = readable
    random = np.random.default_rng(5)
    n_split, right, n = 0, 0, 0
    for gap in np.repeat([0.12, 0.3, 0.6], 12):
        chosen = random.integers(0, len(images), int(random.integers(2, 11)))
        sheet = written(images[chosen], random, gap)
        found = digits_in(255 - sheet if random.random() < 0.5 else sheet)
        n += len(chosen)
        if len(found) == len(chosen):
            n_split += 1
            seen = np.array([digit.sketch.image for digit in found])
            right += int((predict(_model(bundled_models), seen).argmax(1) == labels[chosen]).sum())
    assert n_split >= 33
    assert right >= 0.9 * n


def test_two_lines_are_read_one_after_the_other(readable: tuple[np.ndarray, np.ndarray]) -> None:
    images, _ = readable
    random = np.random.default_rng(6)
    sheets = [written(images[at : at + 3], random, 0.3) for at in (30, 60)]
    width = max(sheet.shape[1] for sheet in sheets)
    both = np.vstack([np.pad(one, ((0, 0), (0, width - one.shape[1]))) for one in sheets])
    found = digits_in(both)
    assert len(found) == 6
    middles = [(digit.box[0] + digit.box[1]) / 2 > len(sheets[0]) for digit in found]
    assert middles == [False] * 3 + [True] * 3
    for line in (found[:3], found[3:]):
        assert [digit.box[2] for digit in line] == sorted(digit.box[2] for digit in line)


def drawn(*strokes: Sequence[tuple[int, int]]) -> np.ndarray:
    sheet = Image.new("L", (300, 200), 255)
    for stroke in strokes:
        ImageDraw.Draw(sheet).line(list(stroke), 0, 12, joint="curve")
    return np.asarray(sheet)


FIVE_WITH_ITS_BAR_APART = (
    [(100, 60), (97, 100), (130, 98), (145, 120), (130, 150), (95, 150)],
    [(105, 40), (150, 40)],
)
BROKEN_EIGHT = (
    [(120, 92), (100, 75), (105, 45), (135, 45), (140, 75), (122, 92)],
    [(120, 108), (95, 130), (105, 165), (140, 165), (148, 130), (122, 108)],
)
FOUR_OF_TWO_STROKES = ([(100, 40), (92, 110), (150, 110)], [(138, 60), (136, 170)])


@pytest.mark.parametrize(
    "strokes", [FIVE_WITH_ITS_BAR_APART, BROKEN_EIGHT, FOUR_OF_TWO_STROKES], ids=["5", "8", "4"]
)
def test_a_digit_of_parts_stays_one_and_is_what_it_is_alone(
    strokes: tuple[list[tuple[int, int]], ...],
) -> None:
    picture = drawn(*strokes)
    (found,) = digits_in(picture)
    alone = to_mnist(picture)
    assert alone is not None
    assert (found.sketch.image == alone.image).all()
    top, bottom, left, right = found.box
    ink = alone.ink[top:bottom, left:right]
    assert ink.sum() == alone.ink.sum()
    assert all(edge.any() for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))


def test_a_digit_of_parts_stays_one_beside_others() -> None:
    moved = [[(x + 110, y) for x, y in stroke] for stroke in BROKEN_EIGHT]
    assert len(digits_in(drawn(*FIVE_WITH_ITS_BAR_APART, *moved))) == 2


def test_touching_digits_far_too_wide_for_one_are_cut() -> None:
    ring = [(0, 50), (15, 10), (45, 10), (60, 50), (45, 90), (15, 90), (0, 50)]
    touching = [[(x + 20 + at * 66, y + 50) for x, y in ring] for at in range(4)]
    assert len(digits_in(drawn(*touching))) == 4


def test_a_lying_line_is_not_cut_and_a_blank_sheet_has_none() -> None:
    assert len(digits_in(drawn([(60, 100), (240, 104)]))) == 1
    assert digits_in(np.full((50, 60), 240, np.uint8)) == ()


def test_what_is_small_beside_the_digits_is_none_of_them() -> None:
    comma = [(190, 160), (184, 175)]
    assert len(digits_in(drawn(*BROKEN_EIGHT, [(230, 40), (230, 165)], comma))) == 2
