"""Occlusion: how much an answer falls where a small window of the image is covered.

Source: Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks" (2014), section 4.2.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.gradients import answers, number_of_classes
from mnist_core.explainers.target import Target
from mnist_core.image_size import SHAPE, SIDE

WINDOW = 4
"""Side of a window: a stroke's width."""

STEP = 2
"""From one window to the next, so that each pixel but those at the edge is under four of them."""


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain what a model answers to one image by covering parts of it.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255; their mean covers. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        target: What is explained.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above.
    """
    check_images(image, background)
    under = windows()
    covered = np.where(under, background.mean(axis=0), image)
    found = answers(model_file, np.concatenate([image[np.newaxis], covered]), target)
    falls = (found[0] - found[1:]).T.astype(np.float64)
    return Attribution(
        values=np.einsum("mw,wij->mij", falls, under) / under.sum(axis=0),
        base_value=np.full(len(falls), np.nan),
        output=found[0],
        classes=target.among(number_of_classes(model_file)),
        n_background=len(background),
        of=target.of,
    )


def windows() -> np.ndarray:
    """The pixels under each window. `bool`, shape `(169, 28, 28)`."""
    starts = range(0, SIDE - WINDOW + 1, STEP)
    under = np.zeros((len(starts), len(starts), *SHAPE), bool)
    for row, top in enumerate(starts):
        for column, left in enumerate(starts):
            under[row, column, top : top + WINDOW, left : left + WINDOW] = True
    return under.reshape(-1, *SHAPE)


EXPLAINER = Explainer(
    name="occlusion",
    title="Occlusion",
    source="Zeiler & Fergus 2014",
    explain_block=explain_block,
    comparison="Each window of 4 × 4 pixels is covered with the mean of {background}.",
    promise=(
        "A pixel's value is how much the answer falls, on the average over the windows that cover "
        "it; nothing is assumed of the model, and pixels need not add up to anything."
    ),
)
