"""How far two logits lie apart while single channels of a layer are off, for some images.

A channel that is off answers 0 everywhere, behind its layer's own activation function.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_core import image_size
from mnist_core.errors import ExplanationError
from mnist_core.inference.channels_off import Off, mask_of, masked, run_on
from mnist_core.inference.layer_graph import layer_graph
from mnist_core.inference.layer_stages import find_stage
from mnist_core.inference.model_memory import kept
from mnist_core.inference.model_size import images_at_once, images_in_a_call
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_SHARE_OF_A_CALL = 0.25
"""Of `images_in_a_call`, so that a block takes at most about 0.3 s."""

NONE_OFF = -1
"""In place of a channel: all are on."""


def differences_block(
    model_file: Path, images: np.ndarray, number: int, cell: tuple[int, int], channels: np.ndarray
) -> np.ndarray:
    """Differences of two logits while single channels of a layer are off.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        number: Of the stage (see `layer_stages`), from 1.
        cell: True and predicted class.
        channels: Each switched off alone; `NONE_OFF` for none. Integers, shape `(c,)`, c ≥ 1.

    Returns:
        Logit of the predicted class less that of the true one, for as many of the first channels
        and images as take about 0.3 s. `float32`, shape `(k, m)`, 1 ≤ k ≤ c, 1 ≤ m ≤ n.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: There is no such stage, channel or class, or nothing follows the stage.
    """
    model = cached_model(model_file)
    _check(model, number, cell, channels)
    runs = max(1, int(images_in_a_call(model) * _SHARE_OF_A_CALL))
    some = images[: min(runs, images_at_once(model, copies=2))]
    return _compiled(model, number)(some, channels[: max(1, runs // len(some))], cell).numpy()


def _check(model: keras.Model, number: int, cell: tuple[int, int], channels: np.ndarray) -> None:
    mask_of(model, Off(number, tuple(int(k) for k in channels if k != NONE_OFF)))
    n_classes = model.output_shape[1]
    if not all(0 <= label < n_classes for label in cell):
        raise ExplanationError(
            f"Expected two classes from 0 to {n_classes - 1}. Received: {cell}. Choose another "
            "cell."
        )


@kept(maxsize=16)
def _compiled(model: keras.Model, number: int) -> Callable:
    import tensorflow as tf

    graph, placed = layer_graph(model), find_stage(model, number)
    signature = [
        tf.TensorSpec((None, *image_size.SHAPE), tf.uint8),
        tf.TensorSpec((None,), tf.int32),
        tf.TensorSpec((2,), tf.int32),
    ]

    @tf.function(input_signature=signature, autograph=False)
    def differences(images: tf.Tensor, channels: tf.Tensor, cell: tf.Tensor) -> tf.Tensor:
        pixels = tf.cast(images, tf.float32)
        values: list[Any] = [pixels, *[None] * (len(graph.shapes) - 1)]
        values = run_on(graph, values, [0], {})

        def without(channel: tf.Tensor) -> tf.Tensor:
            mask = 1 - tf.one_hot(channel, placed.stage.channels)
            changed = list(values)
            changed[placed.value] = masked(values[placed.value], mask)
            logits = run_on(graph, changed, [placed.value], {})[graph.logits]
            true_and_predicted = tf.cast(tf.gather(logits, cell, axis=1), tf.float32)
            return true_and_predicted[:, 1] - true_and_predicted[:, 0]

        return tf.map_fn(without, channels, fn_output_signature=tf.float32)

    return differences
