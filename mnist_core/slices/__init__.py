"""Groups of images in which a run errs more than chance explains, found without being asked for."""

from mnist_core.slices.conditions import Condition, OfClass, Range
from mnist_core.slices.find_slices import MOST_SLICES, find_slices
from mnist_core.slices.found import FoundSlices, Slice

__all__ = [
    "MOST_SLICES",
    "Condition",
    "FoundSlices",
    "OfClass",
    "Range",
    "Slice",
    "find_slices",
]
