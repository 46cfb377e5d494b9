"""`Map`: the images of a split as points, by what a model's last layer sees of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.files.cache_files import MAPS, Expected
from mnist_core.inference.neighbours import Embed, embed
from mnist_core.maps.pca import pca
from mnist_core.maps.seen import seen_of_split
from mnist_core.maps.trust import trustworthiness
from mnist_core.maps.umap_apart import OnProgress, umap_apart
from mnist_core.maps.umap_layout import settings_in_a_word
from mnist_core.runs import Checkpoint

Layout = Literal["pca", "umap"]
LAYOUTS: tuple[Layout, ...] = ("pca", "umap")

Measure = Callable[[np.ndarray, np.ndarray], float]


@dataclass(frozen=True, eq=False)
class Map:
    """The images of a split as points; read-only.

    Attributes:
        points: One of each image, in units of the layout. `float32`, shape `(n, 2)`, all finite.
        trust: How far neighbours on the map are true ones, 0–1 (see `trustworthiness`); NaN where
            unknown.
        shares: Of PCA, the share of the variance along each axis, 0–1; else 0.
    """

    points: np.ndarray
    trust: float
    shares: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", read_only(self.points.astype(np.float32)))


def find_map(
    checkpoint: Checkpoint,
    split: Split,
    layout: Layout,
    cache: Path,
    *,
    embed: Embed = embed,
    measure: Measure = trustworthiness,
    on_progress: OnProgress = lambda done, total: None,
) -> Map:
    """The map of a split, computed at most once per checkpoint, split and layout.

    Args:
        checkpoint: The model.
        split: The images.
        layout: By principal components, in a second, or by UMAP, in up to a minute.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        embed: What embeds a block of images; in the dashboard `embed_first` in a worker.
        measure: What measures `trust` of PCA; in the dashboard in a worker.
        on_progress: Called with steps of UMAP done and in all; see `umap_apart`.

    Raises:
        CheckpointError: The checkpoint's file is not there or is not a model we can use.
        ExplanationError: The model has no layer with a weight matrix, or there can be no such map.
    """
    stored = read_map(checkpoint, split, layout, cache)
    if stored is not None:
        return stored
    seen = seen_of_split(checkpoint, split, cache, embed=embed)
    if layout == "umap":
        found = Map(*umap_apart(seen, on_progress))
    else:
        points, shares = pca(seen)
        found = Map(points, measure(seen, points), shares)
    if checkpoint.is_as_it_was():
        known = np.array([np.nan_to_num(found.trust, nan=UNKNOWN), *found.shares])
        arrays = {"points": found.points, "known": known}
        MAPS.write(cache, *_key(checkpoint, split, layout), arrays=arrays)
    return found


UNKNOWN = -1.0
"""In a file, which holds finite numbers alone."""


def read_map(checkpoint: Checkpoint, split: Split, layout: Layout, cache: Path) -> Map | None:
    """The map as it was kept; `None` where it is not there or damaged."""
    expected = {
        "points": Expected(np.float32, (len(split), 2)),
        "known": Expected(np.float64, (3,)),
    }
    stored = MAPS.read(cache, *_key(checkpoint, split, layout), expected=expected)
    if stored is None:
        return None
    trust, first, second = map(float, stored["known"])
    return Map(stored["points"], np.nan if trust == UNKNOWN else trust, (first, second))


def _key(checkpoint: Checkpoint, split: Split, layout: Layout) -> tuple[str, str, str]:
    word = settings_in_a_word() if layout == "umap" else layout
    return word, checkpoint.fingerprint, split.fingerprint
