"""Grad-CAM: where the last convolution finds what speaks for an answer.

Source: Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, "Grad-CAM: Visual Explanations from Deep
Networks via Gradient-based Localization" (2017).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core import image_size
from mnist_core.errors import UnfitMethodError
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.target import Target
from mnist_core.inference.layer_graph import LayerGraph, layer_graph
from mnist_core.inference.model_memory import kept
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_COPIES = 4
"""How often the outputs of layers are kept for a map: there and back."""


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain what a model answers to one image by its last maps.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Not used.
        target: What is explained.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The image or the classes are not as above.
        UnfitMethodError: The model has no maps.
    """
    check_images(image, image[np.newaxis])
    model = cached_model(model_file)
    if _last_maps(layer_graph(model)) is None:
        raise UnfitMethodError(
            f"Expected a model with maps, such as convolutions make, in {model_file.name} of "
            f"{model_file.parent.name}. Received: one without. Choose another method."
        )
    weights = target.weights(model.output_shape[1])
    cam = _cam(model, target.is_of_logits, target.of == "difference")
    size = images_at_once(model, copies=_COPIES)
    found = [cam(image, weights[first : first + size]) for first in range(0, len(weights), size)]
    return Attribution(
        values=np.concatenate([maps.numpy() for maps, _ in found]),
        base_value=np.full(len(weights), np.nan),
        output=weights @ found[0][1].numpy(),
        classes=target.among(model.output_shape[1]),
        n_background=0,
        of=target.of,
    )


EXPLAINER = Explainer(
    name="grad-cam",
    title="Grad-CAM",
    source="Selvaraju et al. 2017",
    explain_block=explain_block,
    uses_background=False,
    comparison="Nothing is compared: the last maps are weighted by their mean slopes.",
    promise=(
        "Shows where the last maps hold what speaks for a class, as coarsely as these are; of a "
        "difference, what speaks for either. Pixels need not add up to anything."
    ),
)


def _last_maps(graph: LayerGraph) -> int | None:
    """The last value with height, width and channels that a convolution has had a part in."""
    found, convolved = None, set[int]()
    for step in graph.steps:
        if "Conv" not in step.kind and convolved.isdisjoint(step.inputs):
            continue  # the pixels themselves, however scaled, padded or normalised
        convolved.update(step.outputs)
        shape = graph.shapes[step.outputs[0]]
        if len(shape) == 3 and min(length or 0 for length in shape[:2]) > 1:
            found = step.outputs[0]
    return found


@kept(maxsize=16)
def _cam(model: keras.Model, is_of_logits: bool, is_signed: bool) -> Callable:
    """Maps `(maps, 28, 28)` and answers `(classes,)` to an image and weights; traced once.

    What speaks against a class is left out, as in the paper, unless the maps are signed, as of a
    difference, where it speaks for the other class.
    """
    import tensorflow as tf

    graph = layer_graph(model)
    goal, place = graph.logits if is_of_logits else graph.answer, _last_maps(graph)

    def cam(image: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        # Once for each explained number, so that one way back gives the slopes of all.
        pixels = tf.cast(image, tf.float32)[tf.newaxis]
        values = graph.run(tf.repeat(pixels, tf.shape(weights)[0], axis=0))
        answers = tf.cast(values[goal], tf.float32)
        (slopes,) = tf.gradients(tf.reduce_sum(answers * weights, 1), values[place])
        weighted = tf.reduce_mean(slopes, (1, 2), keepdims=True) * values[place]
        found = tf.reduce_sum(weighted, -1, keepdims=True)
        found = tf.cast(found if is_signed else tf.nn.relu(found), tf.float32)
        return tf.image.resize(found, image_size.SHAPE)[..., 0], answers[0]

    pixels = tf.TensorSpec(image_size.SHAPE, tf.uint8)
    weights = tf.TensorSpec((None, model.output_shape[1]), tf.float32)
    return tf.function(cam, input_signature=[pixels, weights], autograph=False)
