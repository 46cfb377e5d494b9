"""A digit's own ink in a picture: without its paper, the light on it, specks and lines."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from mnist_core.pictures.resizing import resized, shrunk

Box = tuple[slice, slice]
"""Rows and columns of a part of a picture."""

LEAST_LIGHT = 220
"""Paper counts as at least so bright, or faint things in a deep shadow would pass for ink."""

LEAST_CONTRAST = 0.14
"""Ink fainter than this share of the paper's light is taken for a shadow or noise."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The connected parts of a picture's ink.

    Attributes:
        ink: How much light is taken from the paper, as a share. `float32`, shape `(h, w)`.
        full: So much is full ink.
        faintest: Less is noise.
        labels: Number of each pixel's part, from 1 on; 0 of paper. `int32`, shape `(h, w)`.
        boxes: Rows and columns of each part, that of part 1 first.
        mass: Ink of each part, by its number. `float64`, shape `(len(boxes) + 1,)`.
        candidates: Numbers of the parts that may be a digit's: neither specks nor lines nor what
            comes in over the edge.
    """

    ink: np.ndarray
    full: float
    faintest: float
    labels: np.ndarray
    boxes: list[Box]
    mass: np.ndarray
    candidates: list[int]

    def of(self, parts: Sequence[int]) -> np.ndarray | None:
        """The ink of some parts alone, paper 0 and full ink 1; `None` where there is none."""
        visible = self.around(parts) & (self.ink > self.faintest)
        if not visible.any():
            return None
        return np.where(visible, np.clip(self.ink / self.full, 0, 1), 0).astype(np.float32)

    def around(self, parts: Sequence[int]) -> np.ndarray:
        """Where some parts lie, with a margin of a pixel. `bool`, shape `(h, w)`."""
        from scipy import ndimage

        return ndimage.binary_dilation(np.isin(self.labels, parts), np.ones((3, 3)))


def ink_in(grey: np.ndarray) -> np.ndarray | None:
    """Find the digit's own ink in a picture, whatever the polarity, however uneven the light.

    Args:
        grey: Grey levels, 0–255. `float32`, shape `(h, w)`.

    Returns:
        Paper 0 and full ink 1. `float32`, shape `(h, w)`; `None` where there is no ink.
    """
    found = parts_in(grey)
    return None if found is None else found.of(_belonging(found))


def parts_in(grey: np.ndarray) -> Parts | None:
    """Find the ink in a picture, as `ink_in`, and which of it hangs together."""
    ink = _without_light(grey)
    full = _full_ink(ink)
    paper = ink[ink <= 0.5 * full]
    zero = float(np.median(paper))
    noise = 1.4826 * float(np.median(np.abs(paper - zero)))
    ink, full = ink - zero, full - zero
    if full < max(LEAST_CONTRAST, 5 * noise):
        return None
    strong = 0.5 * full
    labels, boxes = _parts(ink > max(0.6 * strong, 3 * noise))
    foreign = {part for part in range(1, len(boxes) + 1) if _is_foreign(labels, part, boxes)}
    mass, candidates = _weighed(labels, np.minimum(ink, full), ink > strong, without=foreign)
    return Parts(ink, full, max(4 * noise, 0.02), labels, boxes, mass, candidates)


def own_strokes(ink: np.ndarray) -> np.ndarray | None:
    """The strokes of a drawing that make the digit: not what is small beside it, or far off.

    Args:
        ink: Paper 0 and full ink 1, of a drawing that has neither light nor noise. `float32`,
            shape `(h, w)`.

    Returns:
        As `ink`; `None` where there are none.
    """
    labels, boxes = _parts(ink > 0.3)
    mass, candidates = _weighed(labels, ink, ink > 0.5, without=frozenset())
    found = Parts(ink, 1.0, 0.0, labels, boxes, mass, candidates)
    own = found.around(_belonging(found))
    return np.where(own, ink, 0).astype(np.float32) if own.any() else None


def _parts(mask: np.ndarray) -> tuple[np.ndarray, list[Box]]:
    """The connected parts of a mask: the number of each pixel's part from 1 on, and their boxes."""
    from scipy import ndimage

    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    return labels, ndimage.find_objects(labels)


def _weighed(
    labels: np.ndarray, ink: np.ndarray, is_strong: np.ndarray, *, without: Set[int]
) -> tuple[np.ndarray, list[int]]:
    """Ink of each part, and the numbers of those with strong ink but some."""
    n, inside = int(labels.max()) + 1, labels > 0
    mass = np.bincount(labels[inside], ink[inside], n)
    has_strong = np.bincount(labels[inside], is_strong[inside], n) > 0
    return mass, [part for part in range(1, n) if has_strong[part] and part not in without]


def _full_ink(ink: np.ndarray) -> float:
    """How dark full ink is: the mean of what is darker than half of it."""
    from scipy import ndimage

    level = float(ndimage.uniform_filter(ink, 2 * max(1, max(ink.shape) // 200) + 1).max())
    for _ in range(3):
        dark = ink[ink > 0.5 * level]
        level = float(dark.mean()) if dark.size else level
    return level


def _belonging(found: Parts) -> list[int]:
    """The parts that make the digit: the heaviest, and what lies near it in place and weight."""
    candidates, boxes, mass = found.candidates, found.boxes, found.mass
    if not candidates:
        return []
    main = max(candidates, key=lambda part: mass[part])
    kept, rest = [main], [p for p in candidates if p != main and mass[p] >= 0.03 * mass[main]]
    bounds = _bounds(boxes[main - 1])
    reach = 0.5 * max(bounds[1] - bounds[0], bounds[3] - bounds[2])
    while near := [p for p in rest if _distance(bounds, _bounds(boxes[p - 1])) <= reach]:
        kept += near
        rest = [part for part in rest if part not in near]
        corners = np.array([bounds, *(_bounds(boxes[part - 1]) for part in near)])
        low, high = corners.min(axis=0), corners.max(axis=0)
        bounds = (low[0], high[1], low[2], high[3])
    return kept


def _is_foreign(labels: np.ndarray, part: int, boxes: list) -> bool:
    """Whether a part is a speck, a ruled line, or something that comes in over the edge."""
    height, width = labels.shape
    rows, columns = box = boxes[part - 1]
    tall, wide = rows.stop - rows.start, columns.stop - columns.start
    if max(tall, wide) < max(4, 0.02 * max(height, width)):
        return True
    if tall >= 0.8 * height and wide >= 0.8 * width:
        return False  # a digit that fills the picture touches its edges
    mask = labels[box] == part
    contact = max(
        mask[0].sum() * (rows.start == 0),
        mask[-1].sum() * (rows.stop == height),
        mask[:, 0].sum() * (columns.start == 0),
        mask[:, -1].sum() * (columns.stop == width),
    )
    is_line = (tall == height or wide == width) and min(tall, wide) < 0.15 * max(tall, wide)
    return bool(contact >= 0.5 * max(tall, wide)) or is_line


def _bounds(box: tuple[slice, slice]) -> tuple[int, int, int, int]:
    return box[0].start, box[0].stop, box[1].start, box[1].stop


def _distance(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> int:
    """Gap between two boxes (top, bottom, left, right) along the axis where it is larger."""
    rows = max(other[0] - one[1], one[0] - other[1])
    return max(rows, other[2] - one[3], one[2] - other[3])


def _without_light(grey: np.ndarray) -> np.ndarray:
    """Ink as the share of light that it takes from the paper around it, whatever the polarity.

    The paper's light is a morphological closing: the brightest that is near, dark strokes filled.
    """
    from scipy import ndimage

    dark_ink = grey if _is_dark_on_light(grey) else 255 - grey
    if (even := _even_paper(dark_ink)) is not None:
        return (even - dark_ink) / max(even, LEAST_LIGHT)
    height, width = grey.shape
    small = shrunk(dark_ink, 128)
    reach = max(3, int(max(small.shape) * 0.33)) | 1
    padded = np.pad(small, reach, mode="edge")
    brightest = ndimage.maximum_filter(padded, reach, mode="nearest")
    paper = ndimage.minimum_filter(brightest, reach, mode="constant", cval=255)
    paper = resized(paper[reach:-reach, reach:-reach], width, height, smoothly=True)
    return (paper - dark_ink) / np.maximum(paper, LEAST_LIGHT)


def _even_paper(dark_ink: np.ndarray) -> float | None:
    """The level of paper that lies in even light; `None` where the light is uneven.

    In even light hardly anything lies between paper and full ink. There is then nothing to take
    away, and what the closing would make of strokes wider than its reach, grey, is spared them.
    """
    darkest, brightest = float(dark_ink.min()), float(dark_ink.max())
    if darkest == brightest:
        return brightest
    light = dark_ink[dark_ink > (darkest + brightest) / 2]
    paper = float(np.bincount(np.clip(np.rint(light), 0, 255).astype(np.uint8)).argmax())
    depth = paper - darkest
    n_between = np.sum((dark_ink > darkest + 0.25 * depth) & (dark_ink < paper - 0.04 * depth))
    n_full = np.sum(dark_ink <= darkest + 0.25 * depth)
    return paper if n_between < 0.5 * n_full else None


def _is_dark_on_light(grey: np.ndarray) -> bool:
    """By the picture's edge where that is even, else by which side of its surroundings is rarer."""
    from scipy import ndimage

    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    middle, least, most = float(np.median(edge)), float(grey.min()), float(grey.max())
    if np.mean(np.abs(edge - middle) <= 0.03 * (most - least)) > 0.4:
        return middle - least > most - middle
    small = shrunk(grey, 32)
    rough = ndimage.median_filter(small, int(max(small.shape) * 0.45) | 1, mode="nearest")
    difference = (grey - resized(rough, grey.shape[1], grey.shape[0], smoothly=True)) / 255
    return float((difference**3).sum()) < 0
