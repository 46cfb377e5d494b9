"""Checks of a map as jobs: the model is asked in the workers, order by order or block by block."""

from dataclasses import replace
from functools import partial

import numpy as np

from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.explainers import Attribution, Explainer, Target, explain_cached
from mnist_core.explainers.random_weights import explain_shuffled
from mnist_core.explainers.trust import Curves, curves
from mnist_core.runs import Checkpoint


def covering(
    checkpoint: Checkpoint, image: np.ndarray, background: np.ndarray, found: Attribution
) -> jobs.Work[Curves]:
    """Work that covers and uncovers an image in the order of its map; see `curves`.

    Args:
        checkpoint: The model.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.
        found: One map, of the image.

    Returns:
        A function for `jobs.ask`; it makes the `Curves`.
    """
    target = Target(found.of, found.classes)
    cover = partial(curves, checkpoint.path, image, background, target, found.values[0])
    return lambda report: cover(call=worker.call, on_progress=report)


def shuffling(
    explainer: Explainer,
    checkpoint: Checkpoint,
    image: np.ndarray,
    background: np.ndarray,
    target: Target,
) -> jobs.Work[Attribution]:
    """Work that explains an image by a model with shuffled weights; kept in the cache folder.

    Args:
        explainer: The method.
        checkpoint: The model as it is.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.
        target: What is explained.

    Returns:
        A function for `jobs.ask`; it makes the `Attribution`.
    """
    # Kept under a name of its own, beside the maps of the model as it is.
    named = replace(explainer, name=f"{explainer.name}-shuffled")

    def work(report: jobs.Report) -> Attribution:
        explain = partial(explain_shuffled, explainer, call=worker.call, on_progress=report)
        cache = settings.cache_folder()
        return explain_cached(
            named, checkpoint, image, background, cache, target=target, explain=explain
        )

    return work
