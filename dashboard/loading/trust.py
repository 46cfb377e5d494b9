"""The checks of a map that take long, for the component that waits for them."""

import hashlib

import numpy as np

from dashboard.loading.images import load_background
from dashboard.visit.view import View
from dashboard.work.checking import covering, shuffling
from dashboard.work.jobs import LongWork
from mnist_core.explainers import Attribution, Target, find_explainer
from mnist_core.explainers.trust import Curves

MOST_COMPARED = 50
"""Background images of the check with random weights, whose model is opened for each block."""


def covering_job(
    view: View, index: int, found: Attribution, *, n: int, seed: int
) -> LongWork[Curves]:
    """Asking the model while pixels are covered in the order of a map of one number.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        index: Position of the explained image.
        found: Its map.
        n: Of how many background images the mean covers.
        seed: With which these are chosen.
    """
    checkpoint, image = view.run.checkpoint(view.epoch), view.split.images[index]
    background = load_background(view.outline.name, n, seed)
    told = f"{checkpoint.fingerprint} {found.of} {found.classes}"
    which = _digest(told, found.values, image, background)
    work = covering(checkpoint, image, background, found)
    return LongWork(f"covering-{which}", "Covering the image", work)


def shuffling_job(
    view: View, index: int, target: Target, *, method: str, n: int, seed: int
) -> LongWork[Attribution]:
    """Making the map of one number once the model's weights were shuffled.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        index: Position of the explained image.
        target: What is explained.
        method: Which of the `EXPLAINERS` explains, and none in its stead.
        n: How many background images, 50 at most.
        seed: With which these are chosen.
    """
    checkpoint, image = view.run.checkpoint(view.epoch), view.split.images[index]
    background = load_background(view.outline.name, min(n, MOST_COMPARED), seed)
    which = _digest(f"{checkpoint.fingerprint} {method} {target}", image, background)
    work = shuffling(find_explainer(method), checkpoint, image, background, target)
    return LongWork(f"shuffling-{which}", "Explaining with random weights", work)


def _digest(told: str, *arrays: np.ndarray) -> str:
    digest = hashlib.sha256(told.encode())
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
