"""The search for the nearest digits as a job: in the workers block by block, kept in the cache."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.inference import neighbours
from mnist_core.inference.neighbours import Neighbours, find_neighbours
from mnist_core.runs import Checkpoint


def searching(
    checkpoint: Checkpoint,
    image: np.ndarray,
    split: Split,
    labels: Sequence[int],
    *,
    without: int | None,
) -> jobs.Work[tuple[Neighbours, ...]]:
    """Work that finds the nearest images of some classes, one class after the other.

    Args:
        checkpoint: The model.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        split: Where to search.
        labels: The classes.
        without: Position in the split that is left out: that of the image itself.

    Returns:
        A function for `jobs.ask`; it makes a tuple of `Neighbours`, one of each class.
    """
    sizes = [int((split.labels == label).sum()) for label in labels]

    def work(report: jobs.Report) -> tuple[Neighbours, ...]:
        done, found = 0, []

        def embed(model_file: Path, images: np.ndarray) -> np.ndarray:
            nonlocal done
            report(done, sum(sizes))
            seen = worker.call(neighbours.embed_first, model_file, images)
            done += len(seen)
            return seen

        cache = settings.cache_folder()
        for place, label in enumerate(labels):
            done = sum(sizes[:place])
            found.append(
                find_neighbours(
                    checkpoint, image, split, label, cache, without=without, embed=embed
                )
            )
        return tuple(found)

    return work
