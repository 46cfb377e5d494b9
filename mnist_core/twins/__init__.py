"""Twins: images of two splits that are the same but for a shift by a pixel and light noise."""

from mnist_core.twins.distance import MOST_APART, MOST_OF_CONTRAST
from mnist_core.twins.found import MOST_LISTED, Twins
from mnist_core.twins.search import find_twins
from mnist_core.twins.splits import split_pairs, twins_of
from mnist_core.twins.twins_apart import twins_apart

__all__ = [
    "MOST_APART",
    "MOST_LISTED",
    "MOST_OF_CONTRAST",
    "Twins",
    "find_twins",
    "split_pairs",
    "twins_apart",
    "twins_of",
]
