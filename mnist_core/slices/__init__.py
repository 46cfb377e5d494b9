"""Groups of images in which a run errs more than chance explains, found without being asked for."""

from mnist_core.slices.chance import Draws, highest_scores
from mnist_core.slices.conditions import Condition, OfClass, Range
from mnist_core.slices.find_slices import (
    FEWEST_ERRORS_IN_ALL,
    MOST_SLICES,
    N_DRAWS,
    SUPPORTED,
    find_slices,
)
from mnist_core.slices.found import FoundSlices, Slice

__all__ = [
    "FEWEST_ERRORS_IN_ALL",
    "MOST_SLICES",
    "N_DRAWS",
    "SUPPORTED",
    "Condition",
    "Draws",
    "FoundSlices",
    "OfClass",
    "Range",
    "Slice",
    "find_slices",
    "highest_scores",
]
