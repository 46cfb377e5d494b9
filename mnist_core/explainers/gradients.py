"""What a model answers as the numbers of a target, and how these change with each grey level."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core import image_size
from mnist_core.explainers.target import Target
from mnist_core.inference.layer_graph import LayerGraph, layer_graph
from mnist_core.inference.model_memory import kept
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

MAPS_AT_ONCE = 10
"""Maps whose ways back through a model share the way there, which takes half the time."""

_COPIES = 8
"""How often the outputs of layers are kept for an image: there, and on several ways back."""


def number_of_classes(model_file: Path) -> int:
    """How many classes a model answers for.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    return int(cached_model(model_file).output_shape[1])


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
    answer = _answer(model, target.is_of_logits)
    weights = target.weights(model.output_shape[1])
    found = [answer(part).numpy() @ weights.T for part in _parts(model, images)]
    return np.concatenate(found)


def gradients(
    model_file: Path, images: np.ndarray, target: Target, *, are_prepared: bool = False
) -> np.ndarray:
    """How the numbers of a target change with each grey level, at some images.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255, not only whole ones. Shape `(n, 28, 28)`, n ≥ 1.
        target: Which numbers.
        are_prepared: Whether they are `prepared` ones.

    Returns:
        `float32`, shape `(maps, n, 28, 28)`, per grey level.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The model does not have these classes.
    """
    model = cached_model(model_file)
    start = _preparation(layer_graph(model)) if are_prepared else 0
    weights = target.weights(model.output_shape[1])
    rows = [weights[first : first + MAPS_AT_ONCE] for first in range(0, len(weights), MAPS_AT_ONCE)]
    slopes = [_slopes(model, target.is_of_logits, start, len(some)) for some in rows]
    found = [
        [slope(part, some).numpy() for slope, some in zip(slopes, rows, strict=True)]
        for part in _parts(model, images)
    ]
    return np.concatenate([np.concatenate(of_part) for of_part in found], axis=1)


def prepared(model_file: Path, images: np.ndarray) -> np.ndarray:
    """Images from behind a layer that divides their pixels by their length.

    Of a blank column such a layer makes nothing, and of the faintest shade a column of full length:
    no way from one to the other is smooth. What divides pixels by a length is taken for part of how
    images are prepared, as Deep SHAP takes it.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255, not only whole ones. Shape `(n, 28, 28)`.

    Returns:
        `float32`, same shape; the grey levels themselves for other models.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    model = cached_model(model_file)
    graph = layer_graph(model)
    place = _preparation(graph)
    if place == 0:
        return images.astype(np.float32)
    return graph.run(images.astype(np.float32))[place].numpy().reshape(images.shape)


def _preparation(graph: LayerGraph) -> int:
    """The number of the value behind the last layer that divides pixels by their length."""
    found, place = 0, 0
    for step in graph.steps:
        # One after the other, each place where it was: nothing else may take what is before it.
        if step.inputs != (place,) or step.kind not in _KEEPING_PLACES:
            break
        place = step.outputs[0]
        if step.kind == "UnitNormalization":
            found = place
    before = {out for step in graph.steps if step.outputs[0] <= found for out in step.inputs}
    others = {out for step in graph.steps if step.outputs[0] > found for out in step.inputs}
    return 0 if before & others else found


_KEEPING_PLACES = frozenset({"Rescaling", "Reshape", "Flatten", "UnitNormalization"})


def _parts(model: keras.Model, images: np.ndarray) -> list[np.ndarray]:
    """Images as `float32`, as many at a time as fit into memory with their gradients."""
    size = images_at_once(model, copies=_COPIES)
    floats = images.astype(np.float32)
    return [floats[start : start + size] for start in range(0, len(floats), size)]


@kept(maxsize=16)
def _answer(model: keras.Model, is_of_logits: bool) -> Callable:
    """Answers of all classes, traced once."""
    return _compiled(_from(model, is_of_logits, 0), _pixels())


@kept(maxsize=16)
def _slopes(model: keras.Model, is_of_logits: bool, start: int, n_maps: int) -> Callable:
    """Gradients of some weighted sums of the answers, traced once."""
    import tensorflow as tf

    answer = _from(model, is_of_logits, start)

    def slopes(images: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        sums = tf.unstack(tf.matmul(weights, answer(images), transpose_b=True))
        return tf.stack([tf.gradients(one, images)[0] for one in sums])

    return _compiled(slopes, _pixels(), tf.TensorSpec((n_maps, model.output_shape[1]), tf.float32))


def _from(model: keras.Model, is_of_logits: bool, start: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """What a model makes of one of its values: its answers or its logits."""
    import tensorflow as tf

    graph = layer_graph(model)
    place = graph.logits if is_of_logits else graph.answer

    def answer(images: tf.Tensor) -> tf.Tensor:
        value = tf.reshape(images, (-1, *graph.shapes[start]))
        return tf.cast(graph.run(value, start=start)[place], tf.float32)

    return answer


def _compiled(function: Callable, *signature: tf.TensorSpec) -> Callable:
    import tensorflow as tf

    # Partial, since TensorFlow warns of a function that it compiles for each of many models.
    return tf.function(partial(function), input_signature=[*signature], autograph=False)


def _pixels() -> tf.TensorSpec:
    import tensorflow as tf

    return tf.TensorSpec((None, *image_size.SHAPE), tf.float32)
