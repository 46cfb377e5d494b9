"""Expected gradients: what pixels add on the ways from background images to the explained one.

Source: Erion, Janizek, Sturmfels, Lundberg, Lee, "Improving performance of deep learning models
with axiomatic attribution priors and expected gradients" (2021). The paper draws background images
and places on the way at random; here each background image counts alike, and the places are those
of a quadrature, so that the same call gives the same values.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.gradients import answers, number_of_classes
from mnist_core.explainers.paths import added_on_the_way
from mnist_core.explainers.target import Target

PLACES = 20
"""On each way."""

BLOCK_SIZE = 5
"""Background images of a block: 0.06 s of simple-conv, 0.12 s of the flagship for ten classes."""


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain what a model answers to one image, compared with some background images.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        target: What is explained.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above.
    """
    check_images(image, background)
    found = answers(model_file, np.concatenate([image[np.newaxis], background]), target)
    added = added_on_the_way(model_file, image, background, target, places=PLACES)
    return Attribution(
        values=added.mean(axis=1),
        base_value=found[1:].mean(axis=0, dtype=np.float64),
        output=found[0],
        classes=target.among(number_of_classes(model_file)),
        n_background=len(background),
        of=target.of,
    )


EXPLAINER = Explainer(
    name="expected-gradients",
    title="Expected gradients",
    source="Erion et al. 2021",
    explain_block=explain_block,
    block_size=BLOCK_SIZE,
    comparison="Each pixel goes step by step to the image from each of {background}.",
    promise=(
        "The model's slopes on straight ways are added up; base value and pixels add up to the "
        "output as nearly as twenty places on each way allow."
    ),
    largest_gap=0.1,
)
