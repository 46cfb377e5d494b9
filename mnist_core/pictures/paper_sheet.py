"""The sheet of paper in a photograph that it does not fill: what lies around it becomes paper."""

from __future__ import annotations

import numpy as np

from mnist_core.pictures.ink import parts_in
from mnist_core.pictures.resizing import resized, shrunk

LOOKED_AT = 160
"""Pixels of the longer side in which the sheet is looked for."""

_EDGE = 3
"""Of these pixels so many at the sheet's edges are taken for its surroundings."""

LEAST_SHARE, MOST_SHARE = 0.12, 0.95
"""Of the picture, that a sheet fills."""

LEAST_STRAIGHT = 0.86
"""A sheet fills at least this share of the smallest rectangle around it; a disc fills 0.79."""

LEAST_PAPER = 0.72
"""Of the sheet that is paper, not ink."""

LEAST_STEP = 0.5
"""Of the difference in light that lies in a few pixels at the sheet's edge; less is a shadow's."""

MOST_INSIDE = 0.9
"""Ink of which less than this lies on one side of the edge goes over it: it is no sheet's."""

MOST_STROKE = 0.15
"""Of the picture, that a digit's strokes fill; what fills more is part of the surroundings."""

MOST_LIGHT_AROUND = 0.72
"""What lies around has at most this share of the paper's light, or it may be paper in a shadow."""


def on_sheet(grey: np.ndarray) -> np.ndarray:
    """A picture with everything around its sheet of paper, a table say, covered with paper.

    Args:
        grey: Grey levels, 0–255. `float32`, shape `(h, w)`.

    Returns:
        Likewise; the picture itself where no sheet is found, because it fills the picture.
    """
    small = shrunk(grey, LOOKED_AT)
    if min(small.shape) < 24:
        return grey
    light, dark = _sheet(small), _sheet(255 - small)
    sheet, is_dark = (light, False) if light is not None else (dark, True)
    if sheet is None:
        return grey
    covered = _covered(255 - small if is_dark else small, sheet)
    covered = 255 - covered if is_dark else covered
    height, width = grey.shape
    paper = resized(covered, width, height, smoothly=True)
    inside = resized(sheet.astype(np.float32), width, height, smoothly=True) > 0.98
    alone = np.where(inside, grey, np.clip(paper, 0, 255)).astype(np.float32)
    whole = resized(_widened(sheet).astype(np.float32), width, height, smoothly=True) > 0.5
    return alone if _holds_the_ink(grey, alone, whole) else grey


def _holds_the_ink(grey: np.ndarray, alone: np.ndarray, inside: np.ndarray) -> bool:
    """Whether there is ink on the sheet, and none that goes over its edge as over a shadow's."""
    on_it, before = parts_in(alone), parts_in(grey)
    if on_it is None or not on_it.candidates:
        return False
    if before is None or not before.candidates:
        return True
    heaviest = before.labels == max(before.candidates, key=lambda part: before.mass[part])
    share = inside[heaviest].mean()
    is_stroke = heaviest.mean() < MOST_STROKE
    return not (is_stroke and 1 - MOST_INSIDE < share < MOST_INSIDE)


def _sheet(small: np.ndarray) -> np.ndarray | None:
    """Where a light sheet lies on darker ground, with its ink, a little less at its edges."""
    from scipy import ndimage

    level = _threshold(small)
    bright = ndimage.binary_opening(small > level, np.ones((3, 3)))
    labels, n = ndimage.label(bright)
    if not n:
        return None
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    paper = labels == sizes.argmax()
    # Ink that meets the edge leaves a bay in it; the ground around reaches the picture's edge.
    filled = ndimage.binary_fill_holes(_closed(paper))
    share = filled.mean()
    around = small[~filled]
    if not LEAST_SHARE <= share <= MOST_SHARE or not len(around):
        return None
    if np.median(around) > MOST_LIGHT_AROUND * np.median(small[paper]):
        return None
    if paper.sum() < LEAST_PAPER * filled.sum() or _straightness(filled) < LEAST_STRAIGHT:
        return None
    if _step(small, filled) < LEAST_STEP * (np.median(small[paper]) - np.median(around)):
        return None
    inner = ndimage.binary_erosion(np.pad(filled, _EDGE, mode="edge"), iterations=_EDGE)
    return inner[_EDGE:-_EDGE, _EDGE:-_EDGE]


def _widened(sheet: np.ndarray) -> np.ndarray:
    """The sheet with its edges."""
    from scipy import ndimage

    return np.asarray(ndimage.binary_dilation(sheet, iterations=_EDGE + 1))


def _step(small: np.ndarray, mask: np.ndarray) -> float:
    """How much lighter it is just within a part than just around it, in the median."""
    from scipy import ndimage

    padded = np.pad(mask, 4, mode="edge")
    within = mask & ~ndimage.binary_erosion(padded, iterations=4)[4:-4, 4:-4]
    around = ~mask & ndimage.binary_dilation(padded, iterations=4)[4:-4, 4:-4]
    if not within.any() or not around.any():
        return 0.0
    return float(np.median(small[within]) - np.median(small[around]))


def _closed(mask: np.ndarray) -> np.ndarray:
    from scipy import ndimage

    reach = max(3, max(mask.shape) // 20)
    padded = np.pad(mask, reach, mode="edge")
    closed = ndimage.binary_closing(padded, np.ones((3, 3)), iterations=reach)
    return np.asarray(closed[reach:-reach, reach:-reach])


def _covered(small: np.ndarray, sheet: np.ndarray) -> np.ndarray:
    """The light of the paper everywhere: on the sheet as it is, around it that of the nearest."""
    from scipy import ndimage

    light = ndimage.percentile_filter(np.where(sheet, small, 0), 85, 9)
    deep = ndimage.binary_erosion(sheet, iterations=4, border_value=1)
    known = deep if deep.any() else sheet
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(light[tuple(nearest)])


def _straightness(mask: np.ndarray) -> float:
    """How much of the smallest rectangle around it, at any angle, a part fills, 0–1."""
    rows, columns = np.nonzero(mask)
    area, least = len(rows), np.inf
    for angle in np.radians(np.arange(0, 90, 3)):
        along = columns * np.cos(angle) + rows * np.sin(angle)
        across = rows * np.cos(angle) - columns * np.sin(angle)
        least = min(least, (np.ptp(along) + 1) * (np.ptp(across) + 1))
    return float(area / least)


def _threshold(small: np.ndarray) -> float:
    """The level that parts light from dark best (N. Otsu 1979)."""
    counts = np.bincount(np.clip(np.rint(small), 0, 255).astype(np.uint8).ravel(), minlength=256)
    levels = np.arange(256)
    below, total = np.cumsum(counts), counts.sum()
    mass = np.cumsum(counts * levels)
    sides = (below * (total - below)).astype(float)
    apart = (mass[-1] * below / total - mass) ** 2
    return float(np.divide(apart, sides, out=np.zeros(256), where=sides > 0).argmax())
