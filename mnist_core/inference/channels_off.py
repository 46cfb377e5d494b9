"""A model with some of its channels switched off, and what it answers then.

A channel that is off answers 0 everywhere, behind its layer's own activation function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_core import image_size
from mnist_core.datasets import Split
from mnist_core.errors import ExplanationError
from mnist_core.inference.layer_graph import LayerGraph, layer_graph
from mnist_core.inference.layer_stages import find_stage
from mnist_core.inference.model_memory import kept
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import (
    BLOCK_SIZE,
    cached_model,
    first_of,
    in_turns,
    predict_in_batches,
)
from mnist_core.runs import Checkpoint

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


@dataclass(frozen=True)
class Off:
    """Channels of one stage that are switched off.

    Attributes:
        number: Of the stage (see `layer_stages`), from 1.
        channels: From 0, ascending, each once.
    """

    number: int
    channels: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(sorted(set(self.channels))))


PredictWithout = Callable[[Path, np.ndarray, tuple[Off, ...]], np.ndarray]
"""Answers for a block of images, or for as many of the first ones as take about a second."""


def predict_without(model_file: Path, images: np.ndarray, off: tuple[Off, ...]) -> np.ndarray:
    """What a model answers while channels are off.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.
        off: The channels, each stage once.

    Returns:
        Probabilities, 0–1, or scores. `float32`, shape `(n, n_classes)`.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: It has no such stage or channel, or nothing follows the stage.
    """
    import tensorflow as tf

    model = cached_model(model_file)
    masks = [tf.constant(mask_of(model, one)) for one in off]
    compiled = _compiled(model, tuple(one.number for one in off))
    return predict_in_batches(
        lambda block: compiled(block, masks), images, at_once=images_at_once(model)
    )


def predict_first_without(model_file: Path, images: np.ndarray, off: tuple[Off, ...]) -> np.ndarray:
    """As `predict_without`, for as many of the first images as a worker answers for in one go.

    Returns:
        `float32`, shape `(k, n_classes)`, 1 ≤ k ≤ n.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: It has no such stage or channel, or nothing follows the stage.
    """
    return predict_without(model_file, first_of(images, cached_model(model_file)), off)


def predict_split_without(
    checkpoint: Checkpoint,
    split: Split,
    off: tuple[Off, ...],
    *,
    predict: PredictWithout = predict_without,
) -> np.ndarray:
    """What a model answers to a whole split while channels are off.

    Args:
        checkpoint: The model.
        split: The images.
        off: The channels, each stage once.
        predict: What answers for a block of images; in the dashboard `predict_first_without` in a
            worker.

    Returns:
        Probabilities, 0–1, or scores. `float32`, shape `(n, n_classes)`.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: It has no such stage or channel, or nothing follows the stage.
    """
    blocks = in_turns(
        lambda images: predict(checkpoint.path, images, off), split.images, at_most=BLOCK_SIZE
    )
    return np.concatenate([*blocks])


def mask_of(model: keras.Model, off: Off) -> np.ndarray:
    """0 where a channel of a stage is off, else 1. `float32`, shape `(channels,)`.

    Raises:
        ExplanationError: There is no such stage or channel, or nothing follows the stage.
    """
    stage = find_stage(model, off.number).stage
    if not stage.can_be_off:
        raise ExplanationError(
            "Expected a layer that others follow, so that its channels can be off. Received: "
            f"{stage.layer}, which the model ends in. Choose a layer before it."
        )
    if not set(off.channels) <= set(range(stage.channels)):
        raise ExplanationError(
            f"Expected channels of {stage.layer}, 0 to {stage.channels - 1}. Received: "
            f"{list(off.channels)}. Choose among these."
        )
    mask = np.ones(stage.channels, np.float32)
    mask[list(off.channels)] = 0
    return mask


def run_on(
    graph: LayerGraph, values: list[Any], changed: Iterable[int], masks: dict[int, tf.Tensor]
) -> list[Any]:
    """Values of a graph once some have changed, and with them all that follows from these.

    Args:
        graph: Of the model.
        values: Those there are; where none is computed yet, `None`.
        changed: Numbers of those that have changed already; 0, the pixels, for all.
        masks: What values are multiplied by once they are computed, by their number.
    """
    made, new = list(values), set(changed)
    for step in graph.steps:
        if not new & set(step.inputs):
            continue
        answers = step.apply([made[place] for place in step.inputs])
        for place, answer in zip(step.outputs, answers, strict=True):
            made[place] = masked(answer, masks[place]) if place in masks else answer
        new |= set(step.outputs)
    return made


def masked(value: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """A value with each of its channels times its factor; what is off is 0 even if not finite."""
    import tensorflow as tf

    mask = tf.cast(mask, value.dtype)
    return tf.math.multiply_no_nan(value, mask + tf.zeros_like(value))


@kept(maxsize=16)
def _compiled(model: keras.Model, numbers: tuple[int, ...]) -> Callable:
    import tensorflow as tf

    graph = layer_graph(model)
    places = [find_stage(model, number).value for number in numbers]
    widths = [find_stage(model, number).stage.channels for number in numbers]
    images = tf.TensorSpec((None, *image_size.SHAPE), tf.uint8)
    masks = [tf.TensorSpec((width,), tf.float32) for width in widths]

    @tf.function(input_signature=[images, masks], autograph=False)
    def answer(images: tf.Tensor, masks: list[tf.Tensor]) -> tf.Tensor:
        values: list[Any] = [None] * len(graph.shapes)
        values[0] = tf.cast(images, tf.float32)
        values = run_on(graph, values, [0], dict(zip(places, masks, strict=True)))
        return tf.cast(values[graph.answer], tf.float32)

    return answer
