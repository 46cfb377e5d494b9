"""Explanations as jobs: computed in the workers block by block, and kept in the cache folder."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.explainers import Attribution, Explainer, explain_cached
from mnist_core.runs import Checkpoint


def explaining(
    explainer: Explainer,
    checkpoint: Checkpoint,
    split: Split,
    indices: Sequence[int],
    background: np.ndarray,
) -> jobs.Work[dict[int, Attribution]]:
    """Work that explains images of a split, all classes, one block after the other.

    Args:
        explainer: The method.
        checkpoint: The model.
        split: Where the images lie.
        indices: Their positions in the split.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.

    Returns:
        A function for `jobs.ask`; it makes a `dict` from position to `Attribution`.
    """

    def work(report: jobs.Report) -> dict[int, Attribution]:
        found: dict[int, Attribution] = {}

        def on_progress(done: int, of_image: int) -> None:
            report(len(found) * of_image + done, len(indices) * of_image)

        explain = partial(explainer.explain_somehow, call=worker.call, on_progress=on_progress)
        cache = settings.cache_folder()
        for index in indices:
            report(len(found), len(indices))
            image = split.images[index]
            found[index] = explain_cached(
                explainer, checkpoint, image, background, cache, explain=explain
            )
        return found

    return work
