"""The twins of a whole data set: each split against those that came before it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mnist_core.datasets import Dataset
from mnist_core.twins.found import Twins
from mnist_core.twins.kept import read_twins, write_twins
from mnist_core.twins.search import OnProgress, find_twins

_PAIRS = (("test", "train"), ("test", "validation"), ("validation", "train"))


def split_pairs(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Which splits are held against which: what is tested on against what was learned from."""
    there = set(names)
    return tuple(pair for pair in _PAIRS if there.issuperset(pair))


def twins_of(
    dataset: Dataset, cache: Path, *, on_progress: OnProgress | None = None
) -> tuple[Twins, ...]:
    """Look for twins across all splits, at most once; none where there is one split alone.

    Args:
        dataset: Where.
        cache: Folder of what can be computed again.
        on_progress: Called several times a second with pairs of images seen, in millions, and in
            all; what it raises ends the search.
    """
    pairs = [(dataset.split(a), dataset.split(b)) for a, b in split_pairs(dataset.splits)]
    sizes = [len(split) * len(other) / 1e6 for split, other in pairs]
    found = []
    for place, (split, other) in enumerate(pairs):
        before, size = sum(sizes[:place]), sizes[place]

        def told(done: int, total: int, before: float = before, size: float = size) -> None:
            if on_progress is not None:
                on_progress(round(before + size * done / total), max(1, round(sum(sizes))))

        twins = read_twins(split, other, cache)
        if twins is None:
            twins = find_twins(split, other, on_progress=told)
            write_twins(twins, split, other, cache)
        found.append(twins)
    return tuple(found)
