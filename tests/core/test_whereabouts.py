"""Where a map's pixels lie on its digit, and the mean of many maps: by hand."""

import numpy as np
import pytest

from mnist_core.errors import ExplanationError
from mnist_core.explainers import Attribution
from mnist_core.explainers.average import mean_map
from mnist_core.explainers.whereabouts import whereabouts

ROWS, COLUMNS = ("top", "middle", "bottom"), ("left", "middle", "right")
BOX = np.zeros((28, 28), np.uint8)
BOX[5:23, 8:20] = 200  # fields of 6 rows and 4 columns


def marked(*fields: tuple[int, int], amount: float = 1.0) -> np.ndarray:
    """A map with that amount in the middle of each field, by row and column."""
    values = np.zeros((28, 28), np.float32)
    for row, column in fields:
        values[5 + 6 * row + 3, 8 + 4 * column + 2] = amount
    return values


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("column", range(3))
def test_one_field_that_holds_all_is_named_by_row_and_column(row: int, column: int) -> None:
    found, against = whereabouts(marked((row, column), amount=2.5), BOX)
    name = "middle" if row == column == 1 else f"{ROWS[row]} {COLUMNS[column]}"
    assert (found.part, found.share, found.on_ink, found.total) == (name, 1.0, 1.0, 2.5)
    assert (against.total, against.share, against.on_ink) == (0, 0, 0)


@pytest.mark.parametrize(
    ("fields", "part", "share"),
    [
        (((0, 0), (1, 0), (2, 2)), "upper part of the left column", 2 / 3),
        (((1, 1), (2, 1), (0, 0)), "lower part of the middle column", 2 / 3),
        (((1, 0), (1, 1), (0, 2)), "left part of the middle row", 2 / 3),
        (((2, 1), (2, 2), (0, 0)), "right part of the bottom row", 2 / 3),
        (((0, 0), (0, 1), (0, 2), (2, 0), (2, 2)), "top row", 3 / 5),
        (((0, 2), (1, 2), (2, 2), (0, 0), (2, 0)), "right column", 3 / 5),
        (((0, 0), (1, 1), (2, 2), (0, 2), (2, 0)), "upper left", 2 / 5),
        (((1, 2), (2, 1), (0, 0)), "lower right", 2 / 3),
        (((0, 1), (1, 0)), "top middle", 1 / 2),
    ],
)
def test_the_smallest_part_that_holds_half_is_named(fields, part: str, share: float) -> None:
    found, _ = whereabouts(marked(*fields), BOX)
    assert found.part == part
    assert found.share == pytest.approx(share)


def test_both_signs_are_told_apart_and_ink_from_paper() -> None:
    values = marked((0, 2), amount=3) + marked((2, 0), amount=-1)
    values[0, 27] = 1  # paper above and beside the digit counts with its top right
    values[27, 0] = -3
    pulls, pushes = whereabouts(values, BOX)
    assert (pulls.part, pulls.total, pulls.on_ink) == ("top right", 4, 0.75)
    assert (pushes.part, pushes.total, pushes.on_ink) == ("bottom left", 4, 0.25)


def test_an_image_without_ink_is_cut_into_thirds_as_a_whole() -> None:
    values = np.zeros((28, 28))
    values[9, 9] = values[18, 18] = 1  # the outermost pixels of the middle field
    found, _ = whereabouts(values, np.zeros((28, 28), np.uint8))
    assert (found.part, found.share, found.on_ink) == ("middle", 1.0, 0.0)


def difference(amount: float, *, method: str = "one", maps: int = 1) -> Attribution:
    return Attribution(
        values=np.full((maps, 28, 28), amount),
        base_value=np.zeros(maps),
        output=np.full(maps, 2 * amount),
        classes=(4, 9)[: 2 if maps == 1 else maps],
        of="difference" if maps == 1 else "logit",
        method=method,
    )


def test_every_image_has_the_same_weight_in_the_mean_map() -> None:
    images = np.stack([np.full((28, 28), level, np.uint8) for level in (0, 30, 90)])
    parts = [difference(-1), difference(4, method="two"), difference(6)]
    mean = mean_map(parts, images)
    assert np.array_equal(mean.values, np.full((28, 28), 3, np.float32))
    assert np.array_equal(mean.image, np.full((28, 28), 40, np.uint8))
    assert (mean.output, mean.n, mean.methods) == (6, 3, ("one", "two"))
    assert not mean.values.flags.writeable


def test_a_mean_map_is_of_one_map_and_one_image_each() -> None:
    with pytest.raises(ExplanationError, match="one or more explanations and an image for each"):
        mean_map([], np.zeros((0, 28, 28), np.uint8))
    with pytest.raises(ExplanationError, match=r"Received: 1 and images of shape \(2, 28, 28\)"):
        mean_map([difference(1)], np.zeros((2, 28, 28), np.uint8))
    with pytest.raises(ExplanationError, match="Received: several"):
        mean_map([difference(1, maps=2)], np.zeros((1, 28, 28), np.uint8))
