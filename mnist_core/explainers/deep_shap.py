"""Deep SHAP: what each pixel adds to what a model answers, against background images.

Source: Lundberg & Lee, "A Unified Approach to Interpreting Model Predictions" (2017), which joins
SHAP values with DeepLIFT (Shrikumar, Greenside, Kundaje, "Learning Important Features Through
Propagating Activation Differences", 2017). The values are those of `shap.DeepExplainer`, where it
can explain a model; they are computed for all maps and some background images at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.errors import UnfitMethodError
from mnist_core.explainers import expected_gradients
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.rescale_pass import RescalePass
from mnist_core.explainers.rescale_rules import NoRuleError
from mnist_core.explainers.target import Target
from mnist_core.image_size import SHAPE
from mnist_core.inference.layer_graph import layer_graph
from mnist_core.inference.model_memory import kept, kept_up_to
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

BLOCK_SIZE = 50
"""Background images of a block: 0.02 s of simple-conv, 0.04 s of the flagship for ten classes.
Larger blocks are not quicker, since they do not fit into the processor's caches."""

_COPIES = 4
"""How often the outputs of layers are kept for each background image, besides once for each map."""

MOST_BYTES_KEPT = 300_000_000
"""Of all background images in a process; 100 of them take 13 MB for the flagship."""


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain what a model answers to one image, compared with some background images.

    Where a model divides each image by its length, its pixels are explained from behind that.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        target: What is explained.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above.
        UnfitMethodError: There is no rule for a layer, or it makes numbers that are not finite.
    """
    check_images(image, background)
    model = cached_model(model_file)
    weights = target.weights(model.output_shape[1])
    try:
        values, output, base_value = _means(model, image, background, weights, target)
    except NoRuleError as error:
        raise _unfit(model_file, f"the layer {error}, which there is no rule for") from error
    if not (np.isfinite(values).all() and np.isfinite(output).all()):
        raise _unfit(
            model_file, "a model that answers or multiplies with numbers beyond all bounds"
        )
    return Attribution(
        values=values,
        base_value=weights @ base_value,
        output=weights @ output,
        classes=target.among(len(output)),
        n_background=len(background),
        of=target.of,
    )


EXPLAINER = Explainer(
    name="deep-shap",
    title="Deep SHAP",
    source="Lundberg & Lee 2017; Shrikumar et al. 2017 (DeepLIFT); values as of shap.DeepExplainer",
    explain_block=explain_block,
    block_size=BLOCK_SIZE,
    comparison="Each pixel is compared with the same pixel of {background}.",
    promise=(
        "Layer by layer, differences from the background images are shared out in proportion; base "
        "value and pixels add up to the output."
    ),
    largest_gap=1e-3,
    must_add_up=True,
    stand_in=expected_gradients.EXPLAINER,
)


def _means(
    model: keras.Model,
    image: np.ndarray,
    background: np.ndarray,
    weights: np.ndarray,
    target: Target,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What `RescalePass.share` answers, over as many background images at a time as fit."""
    size = images_at_once(model, copies=_COPIES + len(weights))
    parts = [background[start : start + size] for start in range(0, len(background), size)]
    rescale_pass = _rescale_pass(model)
    of_image = _kept(rescale_pass, image.tobytes())
    found = [
        rescale_pass.share(
            of_image,
            _kept(rescale_pass, part.tobytes()),
            weights,
            is_of_logits=target.is_of_logits,
        )
        for part in parts
    ]
    values, outputs, base_values = zip(*found, strict=True)
    n = [len(part) for part in parts]
    return np.average(values, 0, n), outputs[0], np.average(base_values, 0, n)


@kept(maxsize=8)
def _rescale_pass(model: keras.Model) -> RescalePass:
    return RescalePass(layer_graph(model))


@kept_up_to(MOST_BYTES_KEPT, size=lambda tensors: sum(tensor.numpy().nbytes for tensor in tensors))
def _kept(rescale_pass: RescalePass, images: bytes) -> list[tf.Tensor]:
    return rescale_pass.keep(np.frombuffer(images, np.uint8).reshape(-1, *SHAPE))


def _unfit(model_file: Path, received: str) -> UnfitMethodError:
    return UnfitMethodError(
        f"Expected layers that Deep SHAP can explain in {model_file.name} of "
        f"{model_file.parent.name}. Received: {received}. Choose another method."
    )
