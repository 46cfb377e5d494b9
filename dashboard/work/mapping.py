"""Maps as jobs: embedded in the workers, laid out by UMAP in a process of its own, kept."""

import threading
from functools import partial
from pathlib import Path

import numpy as np

from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.inference import neighbours
from mnist_core.maps.map import Layout, Map, find_map, read_map
from mnist_core.maps.trust import trustworthiness
from mnist_core.runs import Checkpoint

_ONE_AT_A_TIME = threading.Lock()
"""Layouts by UMAP: each may take a few GB."""


def mapping(checkpoint: Checkpoint, split: Split, layout: Layout) -> jobs.Work[Map]:
    """Work that lays out a split; its steps are images seen, then epochs of the layout.

    Returns:
        A function for `jobs.ask`; it makes the `Map`.
    """

    def work(report: jobs.Report) -> Map:
        seen = 0

        def embed(model_file: Path, images: np.ndarray) -> np.ndarray:
            nonlocal seen
            report(min(seen, len(split)), len(split))
            found = worker.call(neighbours.embed_first, model_file, images)
            seen += len(found)
            return found

        cache = settings.cache_folder()
        kept = read_map(checkpoint, split, layout, cache)
        if kept is not None:
            return kept
        find = partial(
            find_map,
            checkpoint,
            split,
            layout,
            cache,
            embed=embed,
            measure=partial(worker.call, trustworthiness),
            on_progress=report,
        )
        if layout == "pca":
            return find()
        while not _ONE_AT_A_TIME.acquire(timeout=0.5):
            report(0, 0)
        try:
            return find()
        finally:
            _ONE_AT_A_TIME.release()

    return work
