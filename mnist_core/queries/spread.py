"""How the values of a column are spread over images: a `Histogram` of numbers, or `Bars`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.queries.columns import Column

MOST_BINS, FEWEST_BINS = 50, 12
"""That a histogram may have: of more than 600 images, and of few."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """Numbers in bins with round edges.

    Attributes:
        edges: Ascending. `float64`, shape `(bins + 1,)`; none where nothing is known. Of whole
            numbers a bin holds those from one edge up to before the next.
        counts: Images in each bin. `int64`, shape `(bins,)`. A number on an edge is in the bin
            that begins there, as in `numpy.histogram`; on the last, in the last.
        unknown: Images of which the number is not known.
        is_whole: Whether all numbers are whole.
    """

    edges: np.ndarray
    counts: np.ndarray
    unknown: int
    is_whole: bool


@dataclass(frozen=True)
class Bars:
    """Classes, words or conditions, and how many images have each.

    Attributes:
        labels: What each is called on screen.
        values: What each is called in a query; of a condition, the condition itself.
        counts: Images that have it.
    """

    labels: tuple[str, ...]
    values: tuple[str, ...]
    counts: tuple[int, ...]


Spread = Histogram | Bars


def spread(column: Column, values: np.ndarray, class_names: Sequence[str]) -> Spread:
    """How a column is spread over images.

    Args:
        column: One of `COLUMNS`.
        values: What it says of each image, as `Column.of` gives it. Shape `(n,)`.
        class_names: Name of each class.
    """
    if column.kind == "number":
        return histogram(values)
    if column.kind == "class":
        counts = np.bincount(values.astype(np.int64), minlength=len(class_names))
        written = tuple(
            name if name == str(label) else repr(name) for label, name in enumerate(class_names)
        )
        return Bars(tuple(class_names), written, tuple(counts.tolist()))
    if column.kind == "condition":
        n_true = int(np.count_nonzero(values))
        written = (column.name, f"not {column.name}")
        return Bars(("yes", "no"), written, (n_true, len(values) - n_true))
    words, counts = np.unique(values.astype(str), return_counts=True)
    by_word = dict.fromkeys(column.words, 0) | dict(
        zip(words.tolist(), counts.tolist(), strict=True)
    )
    written = tuple(repr(word) for word in by_word)
    return Bars(tuple(word or "none" for word in by_word), written, tuple(by_word.values()))


def histogram(values: np.ndarray) -> Histogram:
    """Numbers in bins as wide as 1, 2 or 5 times a power of ten; of few numbers in few bins.

    Args:
        values: NaN where unknown. Any real dtype, shape `(n,)`.
    """
    numbers = values.astype(np.float64)
    known = numbers[np.isfinite(numbers)]
    unknown = len(numbers) - len(known)
    if not len(known):
        return Histogram(np.empty(0), np.empty(0, np.int64), unknown, is_whole=False)
    is_whole = bool((known == np.floor(known)).all())
    edges = _edges(known, is_whole=is_whole)
    counts, _ = np.histogram(known, edges)
    return Histogram(read_only(edges), read_only(counts.astype(np.int64)), unknown, is_whole)


def _edges(known: np.ndarray, *, is_whole: bool) -> np.ndarray:
    least, most = float(known.min()), float(known.max())
    most_bins = min(MOST_BINS, max(FEWEST_BINS, int(2 * np.sqrt(len(known)))))
    step = _step((most - least) / (most_bins - 2), is_whole=is_whole)
    first, last = np.floor(least / step), np.ceil(most / step)
    if is_whole or first == last:  # the greatest of them begins a bin of its own
        last = np.floor(most / step) + 1
    # Rounded to what is a round number in decimals, which may lie within the outermost numbers.
    edges = np.round(step * np.arange(first, last + 1), max(0, -int(np.floor(np.log10(step)))))
    if edges[0] > least:
        edges = np.concatenate([[edges[0] - step], edges])
    if edges[-1] < most:
        edges = np.concatenate([edges, [edges[-1] + step]])
    return edges


def _step(least: float, *, is_whole: bool) -> float:
    """The least round number that is no less."""
    if is_whole and least <= 1:
        return 1.0
    if least == 0:  # of a single number
        return 0.01
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(times * power for times in (1, 2, 5, 10) if times * power >= least))
