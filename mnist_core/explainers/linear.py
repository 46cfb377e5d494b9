"""Linear SHAP: the exact SHAP values of a model that is one weighted sum of pixels for each class.

Source: Lundberg & Lee, "A Unified Approach to Interpreting Model Predictions" (2017), corollary 1;
computed by `shap.LinearExplainer`, with pixels taken as independent of each other.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_core.errors import UnfitMethodError
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.gradients import answers, gradients, number_of_classes
from mnist_core.explainers.rescale_rules import NoRuleError, is_linear
from mnist_core.explainers.shap_library import import_shap
from mnist_core.explainers.target import Target
from mnist_core.image_size import SHAPE
from mnist_core.inference.layer_graph import Step, layer_graph
from mnist_core.inference.prediction import cached_model


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain what a linear model answers to one image, compared with the mean background image.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        target: What is explained.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above.
        UnfitMethodError: What is explained is no weighted sum of pixels.
    """
    check_images(image, background)
    _check_linear(model_file, target)
    shap = import_shap()
    blank = np.zeros((1, *SHAPE), np.uint8)
    slopes = gradients(model_file, blank, target)[:, 0].reshape(-1, image.size).astype(np.float64)
    intercepts = answers(model_file, blank, target)[0].astype(np.float64)
    flat = background.reshape(len(background), -1).astype(np.float64)
    masker = shap.maskers.Independent(flat, max_samples=len(flat))
    explainer = shap.LinearExplainer((slopes, intercepts), masker)
    values = explainer.shap_values(image.reshape(1, -1).astype(np.float64))
    return Attribution(
        values=np.moveaxis(np.reshape(values, (*SHAPE, -1)), -1, 0),
        base_value=np.reshape(explainer.expected_value, -1),
        output=answers(model_file, image[np.newaxis], target)[0],
        classes=target.among(number_of_classes(model_file)),
        n_background=len(background),
        of=target.of,
    )


EXPLAINER = Explainer(
    name="linear",
    title="Linear SHAP",
    source="Lundberg & Lee 2017; shap.LinearExplainer",
    explain_block=explain_block,
    comparison="Each pixel is compared with its mean over {background}.",
    promise=(
        "For models that are weighted sums of pixels alone: exact, and independent of the order in "
        "which pixels are looked at; base value and pixels add up to the output."
    ),
    largest_gap=1e-3,
)


def _check_linear(model_file: Path, target: Target) -> None:
    graph = layer_graph(cached_model(model_file))
    for step in graph.steps:
        if step.inputs != (graph.logits,) and not _is_linear(step):
            raise UnfitMethodError(
                f"Expected a model that is one weighted sum of pixels for each class in "
                f"{model_file.name} of {model_file.parent.name}. Received: the layer {step.name}, "
                "which is not linear. Choose another method."
            )
    # Said last: of a model that is not linear up to its softmax, logits cannot be explained either.
    if not target.is_of_logits and graph.ends_in_softmax:
        raise UnfitMethodError(
            "Expected logits or their difference to be explained by Linear SHAP. Received: "
            "probabilities, which are no weighted sums of pixels. Explain logits."
        )


def _is_linear(step: Step) -> bool:
    try:
        return is_linear(step)
    except NoRuleError:
        return False
