"""Several digits in one picture, such as a postcode: each in MNIST's format, in reading order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnist_core.pictures.grey import as_grey
from mnist_core.pictures.ink import Box, Parts, parts_in
from mnist_core.pictures.paper_sheet import on_sheet
from mnist_core.pictures.sketch import Sketch, formatted, to_mnist

MOST_DIGITS = 1_000
"""Of one picture; what holds more parts is no row of digits."""

LEAST_HEIGHT = 0.45
"""What is less high than this share of the highest digits is none of its own."""

OVERLAP = 0.5
"""Parts are one digit's where they share this much of the narrower one's columns …"""

GAP, NARROW_GAP = 0.25, 0.12
"""… and no more than this share of the higher one's rows lies between them, the second where both
are about as high."""

WIDE, FAR_TOO_WIDE = 1.4, 2.0
"""What is more times as wide as high is several digits that touch: of one in a hundred digits, most
of them twos and fives, the first is true, so that those beside it must be much narrower …"""

USUAL = 0.8
"""… each so many times as wide as high."""

LEAST_TALL = 4.0
"""What is lower than so many times its stroke's width is a line, and not cut."""


@dataclass(frozen=True, eq=False)
class FoundDigit:
    """One digit of a picture.

    Attributes:
        sketch: The digit in MNIST's format.
        box: Where it lies in the sketch's `grey`: top, bottom, left, right in pixels; bottom and
            right are the first behind it.
    """

    sketch: Sketch
    box: tuple[int, int, int, int]


def digits_in(picture: np.ndarray) -> tuple[FoundDigit, ...]:
    """Find every digit in a picture, line by line, from left to right.

    A picture of one digit gives what `to_mnist` makes of it.

    Args:
        picture: As for `to_mnist`.

    Returns:
        None where there is no ink.

    Raises:
        SketchError: Shape or dtype is another.
    """
    grey = as_grey(picture)
    found = parts_in(on_sheet(grey))
    inks = [] if found is None else _inks(found, _digits(found))
    if len(inks) < 2:
        sketch = to_mnist(picture)
        return () if sketch is None else (FoundDigit(sketch, _box_of(sketch.ink)),)
    digits = []
    for ink in inks:
        sketch = formatted(grey, ink)
        if sketch is not None:
            digits.append(FoundDigit(sketch, _box_of(ink)))
    return tuple(digits[place] for place in _reading_order([digit.box for digit in digits]))


@dataclass(frozen=True)
class _Group:
    """Parts of one digit, and the box around them."""

    parts: tuple[int, ...]
    box: tuple[int, int, int, int]

    @property
    def height(self) -> int:
        return self.box[1] - self.box[0]

    @property
    def width(self) -> int:
        return self.box[3] - self.box[2]

    def joined(self, other: _Group) -> _Group:
        (top, bottom, left, right), box = self.box, other.box
        around = min(top, box[0]), max(bottom, box[1]), min(left, box[2]), max(right, box[3])
        return _Group((*self.parts, *other.parts), around)


def _digits(found: Parts) -> list[_Group]:
    """The parts that make a digit each."""
    if not 1 <= len(found.candidates) <= MOST_DIGITS:
        return []
    heaviest = max(found.mass[part] for part in found.candidates)
    heavy = [part for part in found.candidates if found.mass[part] >= 0.03 * heaviest]
    groups = [_Group((part,), _corners(found.boxes[part - 1])) for part in heavy]
    groups.sort(key=lambda group: -group.height)
    joined: list[_Group] = []
    for group in groups:  # the smaller are taken up by the larger
        near = next((at for at, one in enumerate(joined) if _are_one(one, group)), None)
        if near is None:
            joined.append(group)
        else:
            joined[near] = joined[near].joined(group)
    highest = float(np.quantile([group.height for group in joined], 0.75))
    return [group for group in joined if group.height >= LEAST_HEIGHT * highest]


def _are_one(one: _Group, other: _Group) -> bool:
    """Whether two groups, the first at least as high, lie as the parts of one digit do."""
    shared = min(one.box[3], other.box[3]) - max(one.box[2], other.box[2])
    if shared < OVERLAP * min(one.width, other.width):
        return False
    gap = max(one.box[0], other.box[0]) - min(one.box[1], other.box[1])
    # Two parts of equal height, one above the other, may be two lines.
    most = NARROW_GAP if other.height > 0.6 * one.height else GAP
    return gap <= most * one.height


def _inks(found: Parts, groups: list[_Group]) -> list[np.ndarray]:
    """The ink of each digit; digits that touch are cut where their strokes are thinnest."""
    inks = []
    narrow = float(np.quantile([group.width for group in groups], 0.35)) if groups else 0.0
    for group in groups:
        ink = found.of(group.parts)
        if ink is None:
            continue
        top, bottom, left, right = _box_of(ink)
        height, width = bottom - top, right - left
        is_wide = width > WIDE * height and (width > 1.5 * narrow or width > FAR_TOO_WIDE * height)
        if is_wide and height >= LEAST_TALL * _stroke(ink[top:bottom, left:right]):
            inks += _cut(ink, left, right, height)
        else:
            inks.append(ink)
    return inks


def _cut(ink: np.ndarray, left: int, right: int, height: int) -> list[np.ndarray]:
    """What lies between two columns, cut until no piece is too wide to be one digit."""
    width = right - left
    if width <= WIDE * height:
        piece = np.zeros_like(ink)
        piece[:, left:right] = ink[:, left:right]
        return [piece] if piece.any() else []
    n = max(2, round(width / (USUAL * height)))
    middle, reach = left + width * (n // 2) / n, 0.3 * width / n
    first, last = int(middle - reach), int(middle + reach) + 1
    column = first + int(ink[:, first:last].sum(axis=0).argmin())
    return _cut(ink, left, column, height) + _cut(ink, column, right, height)


def _stroke(ink: np.ndarray) -> float:
    """Width of the strokes in pixels: four times the mean distance of ink from the paper."""
    from scipy import ndimage

    mask = np.pad(ink > 0.5, 1)
    return 4 * float(ndimage.distance_transform_edt(mask)[mask].mean()) if mask.any() else 0.0


def _reading_order(boxes: list[tuple[int, int, int, int]]) -> list[int]:
    """Places of some boxes line by line, each line from left to right."""
    lines: list[list[int]] = []
    for place in sorted(range(len(boxes)), key=lambda at: boxes[at][0] + boxes[at][1]):
        top, bottom = boxes[place][:2]
        for line in lines:
            above, below = boxes[line[-1]][:2]
            shared = min(bottom, below) - max(top, above)
            if shared >= 0.4 * min(bottom - top, below - above):
                line.append(place)
                break
        else:
            lines.append([place])
    return [place for line in lines for place in sorted(line, key=lambda at: boxes[at][2])]


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box[0].start, box[0].stop, box[1].start, box[1].stop


def _box_of(ink: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
