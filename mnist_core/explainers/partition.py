"""Partition SHAP: what regions of the image add, and regions of these, down to pixels.

Source: Lundberg & Lee, "A Unified Approach to Interpreting Model Predictions" (2017), for games
whose players join in a given tree (Owen values); computed by `shap.PartitionExplainer`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.gradients import answers, number_of_classes
from mnist_core.explainers.shap_library import import_shap
from mnist_core.explainers.target import Target
from mnist_core.image_size import SHAPE

MOST_IMAGES = 1_000
"""That the model is asked about; each shares out the largest region that is still whole."""


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain what a model answers to one image by covering regions with the mean background.

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
    shap = import_shap()
    mean = background.mean(axis=0)[..., np.newaxis]
    masker = shap.maskers.Image(mean, shape=(*SHAPE, 1))
    explainer = shap.PartitionExplainer(
        lambda images: answers(model_file, images[..., 0], target), masker
    )
    given = image[np.newaxis, ..., np.newaxis].astype(np.float64)
    found = explainer(given, max_evals=MOST_IMAGES, batch_size=100, silent=True)
    return Attribution(
        values=np.moveaxis(found.values[0, :, :, 0], -1, 0),
        base_value=np.reshape(found.base_values, -1),
        output=answers(model_file, image[np.newaxis], target)[0],
        classes=target.among(number_of_classes(model_file)),
        n_background=len(background),
        of=target.of,
    )


EXPLAINER = Explainer(
    name="partition",
    title="Partition SHAP",
    source="Lundberg & Lee 2017; shap.PartitionExplainer",
    explain_block=explain_block,
    comparison="Regions of the image are covered with the mean of {background}.",
    promise=(
        "Nothing is assumed of the model; rectangles are cut in half as long as a thousand "
        "questions last, pixels of one that is left whole share alike, and all add up."
    ),
    largest_gap=1e-3,
)
