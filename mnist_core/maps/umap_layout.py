"""UMAP's layout of points in two dimensions, with umap-learn's own defaults and a seed."""

import re
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version

import numpy as np

from mnist_core.maps.all_neighbours import all_neighbours

FEWEST_IMAGES = 16
N_NEIGHBOURS = 15
SEED = 0
EXACT_FROM, EXACT_TO = 4_096, 20_000
"""Numbers of images between which neighbours are searched for here: umap-learn does the same below,
and compiles half a minute of approximate search above, which pays only for more images."""


def umap_layout(seen: np.ndarray, on_epoch: Callable[[int, int], None]) -> np.ndarray:
    """Lay points out; seconds to a minute, in a process that does nothing else.

    Source: McInnes, Healy, Melville, "UMAP" (2018), as umap-learn computes it.

    Args:
        seen: `float32`, shape `(n, d)`, n ≥ `FEWEST_IMAGES`.
        on_epoch: Called now and then with epochs of the layout done and in all.

    Returns:
        `float32`, shape `(n, 2)`.
    """
    # umap looks for TensorFlow as it is imported, for a class that is not used here.
    for name in ("tensorflow", "keras"):
        sys.modules[name] = None  # type: ignore[assignment]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP

        known = None
        if EXACT_FROM <= len(seen) <= EXACT_TO:
            known = (*all_neighbours(seen, N_NEIGHBOURS), None)
        bar = {"disable": False, "file": _Bar(on_epoch), "mininterval": 0.2, "bar_format": BAR}
        umap = UMAP(
            n_neighbors=N_NEIGHBOURS,
            random_state=SEED,
            precomputed_knn=known or (None, None, None),
            tqdm_kwds=bar,
        )
        return np.asarray(umap.fit_transform(seen), np.float32)


def settings_in_a_word() -> str:
    """What else than the points decides the layout, for the name of a file."""
    return f"umap-{version('umap-learn').replace('.', '_')}-{N_NEIGHBOURS}-{SEED}"


BAR = "{n_fmt}/{total_fmt}"


class _Bar:
    """Where tqdm writes its bar: hands its numbers on."""

    def __init__(self, on_epoch: Callable[[int, int], None]) -> None:
        self._on_epoch = on_epoch

    def write(self, text: str) -> None:
        for done, total in re.findall(r"(\d+)/(\d+)", text):
            self._on_epoch(int(done), int(total))

    def flush(self) -> None:
        pass
