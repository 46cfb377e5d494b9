"""Integrated gradients: what pixels add on the way from the mean background image.

Source: Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks" (2017). Of a baseline the
paper asks that the model says little about it; paper alone is a 1 to many digit classifiers, the
mean of many digits is none.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.gradients import answers, number_of_classes
from mnist_core.explainers.paths import added_on_the_way
from mnist_core.explainers.target import Target

PLACES = 300
"""On the way."""


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain what a model answers to one image, compared with the mean background image.

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
    start = background.mean(axis=0, dtype=np.float64)
    output, base_value = answers(model_file, np.stack([image, start]), target)
    added = added_on_the_way(model_file, image, start[np.newaxis], target, places=PLACES)
    return Attribution(
        values=added[:, 0],
        base_value=base_value,
        output=output,
        classes=target.among(number_of_classes(model_file)),
        n_background=len(background),
        of=target.of,
    )


EXPLAINER = Explainer(
    name="integrated-gradients",
    title="Integrated gradients",
    source="Sundararajan, Taly, Yan 2017",
    explain_block=explain_block,
    comparison="Each pixel goes step by step to the image from the mean of {background}.",
    promise=(
        "The model's slopes on one straight way are added up; base value and pixels add up to the "
        "output as nearly as 300 places on it allow."
    ),
    largest_gap=0.05,
)
