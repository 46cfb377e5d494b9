"""What a model answers as the numbers of a target, and how these change with each grey level."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core import image_size
from mnist_core.explainers.target import Target
from mnist_core.inference.layer_graph import layer_graph
from mnist_core.inference.model_memory import kept
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras


def answers(model_file: Path, images: np.ndarray, target: Target) -> np.ndarray:
    """The numbers of a target for some images.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255, any number type. Shape `(n, 28, 28)`, n ≥ 1.
        target: Which numbers.

    Returns:
        `float32`, shape `(n, maps)`.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The model does not have these classes.
    """
    model = cached_model(model_file)
    answer, _ = _functions(model, target.is_of_logits)
    weights = target.weights(model.output_shape[1])
    found = [answer(part).numpy() @ weights.T for part in _parts(model, images)]
    return np.concatenate(found)


def gradients(model_file: Path, images: np.ndarray, target: Target) -> np.ndarray:
    """How the numbers of a target change with each grey level, at some images.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255, not only whole ones. Shape `(n, 28, 28)`, n ≥ 1.
        target: Which numbers.

    Returns:
        `float32`, shape `(maps, n, 28, 28)`, per grey level.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The model does not have these classes.
    """
    model = cached_model(model_file)
    _, slope = _functions(model, target.is_of_logits)
    weights = target.weights(model.output_shape[1])
    found = [
        [slope(part, direction).numpy() for direction in weights] for part in _parts(model, images)
    ]
    return np.concatenate([np.stack(of_part) for of_part in found], axis=1)


def _parts(model: keras.Model, images: np.ndarray) -> list[np.ndarray]:
    """Images as `float32`, as many at a time as fit into memory with their gradients."""
    size = images_at_once(model, copies=4)
    floats = images.astype(np.float32)
    return [floats[start : start + size] for start in range(0, len(floats), size)]


@kept(maxsize=16)
def _functions(model: keras.Model, is_of_logits: bool) -> tuple[Callable, Callable]:
    """Answers of all classes; gradients of their weighted sum; each traced once."""
    import tensorflow as tf

    graph = layer_graph(model)
    place = graph.logits if is_of_logits else graph.answer
    pixels = tf.TensorSpec((None, *image_size.SHAPE), tf.float32)
    direction = tf.TensorSpec((model.output_shape[1],), tf.float32)

    @tf.function(input_signature=[pixels], autograph=False)
    def answer(images: tf.Tensor) -> tf.Tensor:
        return tf.cast(graph.run(images)[place], tf.float32)

    @tf.function(input_signature=[pixels, direction], autograph=False)
    def slope(images: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        sums = tf.linalg.matvec(tf.cast(graph.run(images)[place], tf.float32), weights)
        (found,) = tf.gradients(sums, images)
        return found

    return answer, slope
