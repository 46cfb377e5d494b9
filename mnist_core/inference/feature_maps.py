"""What a layer of a model answers to one image, its filters and its layers one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import ExplanationError
from mnist_core.image_size import SHAPE, SIDE
from mnist_core.inference.layer_graph import layer_graph
from mnist_core.inference.layer_stages import Stage, find_stage
from mnist_core.inference.model_memory import kept
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """What one layer answers to one image; read-only.

    Attributes:
        stage: The layer.
        maps: Its output, its activation function applied, one map per channel; of units 1×1.
            `float32`, shape `(channels, height, width)`.
        strongest: The channels by the mean size of their numbers, largest first, the lower number
            first among equals; those that are silent last. `int64`, shape `(channels,)`.
        silent: Whether a channel says nothing of the image: its map is one number everywhere, its
            unit 0. `bool`, shape `(channels,)`.
    """

    stage: Stage
    maps: np.ndarray
    strongest: np.ndarray
    silent: np.ndarray

    def __post_init__(self) -> None:
        for name in ("maps", "strongest", "silent"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def is_signed(self) -> bool:
        """Whether there can be numbers below 0, by the kind of the layer or because there are."""
        return self.stage.can_be_negative or bool((self.maps < 0).any())


@dataclass(frozen=True, eq=False)
class Filters:
    """The weights with which a model first looks at an image; read-only.

    Attributes:
        layer: Name of the layer they belong to; empty where there are none.
        weights: `float32`, shape `(filters, height, width)`: a convolution's own size, 28×28 for
            the units of a dense layer, and `(0, 0, 0)` where there are none.
        reason: Why there are none, else empty.
    """

    layer: str
    weights: np.ndarray
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", read_only(self.weights))


@dataclass(frozen=True)
class LayerRow:
    """One line of a model's summary.

    Attributes:
        layer: Name of the layer.
        kind: Keras's name of its class, e.g. `Conv2D`.
        output_shape: Shape of what it answers to one image, `None` where that varies.
        parameters: Its weights and biases.
    """

    layer: str
    kind: str
    output_shape: tuple[int | None, ...]
    parameters: int


def feature_maps(model_file: Path, image: np.ndarray, number: int) -> LayerMaps:
    """What one layer answers to one image.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        number: Of the stage (see `layer_stages`), from 1.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The image is not as above, or there is no such stage.
    """
    model = cached_model(model_file)
    placed = find_stage(model, number)
    values = np.asarray(values_of(model, image)[placed.value][0], np.float32)
    stage = placed.stage
    values = values.reshape(-1, 1, stage.channels) if values.ndim < 3 else values
    maps = np.moveaxis(values, -1, 0)
    if stage.has_maps:
        silent = maps.max(axis=(1, 2)) == maps.min(axis=(1, 2))
    else:
        silent = maps[:, 0, 0] == 0
    sizes = np.abs(maps).mean(axis=(1, 2), dtype=np.float64)
    return LayerMaps(stage, maps, np.lexsort((-sizes, silent)), silent)


def values_of(model: keras.Model, image: np.ndarray) -> list[tf.Tensor]:
    """Every value of a model's graph (see `LayerGraph.run`) for one image.

    Args:
        model: Any model of ours.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.

    Raises:
        ExplanationError: The image is not as above.
    """
    if image.shape != SHAPE or image.dtype != np.uint8:
        raise ExplanationError(
            "Expected one image of grey levels 0–255 (uint8) of shape (28, 28). Received: "
            f"{image.dtype} of shape {image.shape}. Take it from a split."
        )
    return _compiled(model)(image[np.newaxis].astype(np.float32))


def first_filters(model_file: Path) -> Filters:
    """The filters of the first convolution layer; where there is none, of the first dense layer.

    A filter over several channels is given as its mean over them.

    Args:
        model_file: A `.keras` file.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    import keras

    layers = cached_model(model_file).layers
    for layer in layers:
        if isinstance(layer, keras.layers.Conv2D):
            kernel = layer.kernel.numpy()  # (height, width, channels, filters)
            return Filters(layer.name, kernel.mean(axis=2).transpose(2, 0, 1))
    dense = next((layer for layer in layers if isinstance(layer, keras.layers.Dense)), None)
    if dense is None:
        return _no_filters("It has neither a convolution nor a dense layer.")
    kernel = dense.kernel.numpy()  # (inputs, units)
    if len(kernel) != SIDE * SIDE:
        return _no_filters(f"Its first dense layer, {dense.name}, does not look at 28×28 pixels.")
    return Filters(dense.name, kernel.T.reshape(-1, *SHAPE))


def model_summary(model_file: Path) -> tuple[LayerRow, ...]:
    """The layers of a model from input to output.

    Args:
        model_file: A `.keras` file.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    return tuple(
        LayerRow(
            layer=layer.name,
            kind=type(layer).__name__,
            output_shape=tuple(layer.output.shape[1:]),
            parameters=layer.count_params(),
        )
        for layer in cached_model(model_file).layers
    )


def _no_filters(reason: str) -> Filters:
    return Filters("", np.empty((0, 0, 0), dtype=np.float32), reason)


@kept(maxsize=8)
def _compiled(model: keras.Model) -> Callable:
    import tensorflow as tf

    graph = layer_graph(model)

    @tf.function(input_signature=[tf.TensorSpec((1, *SHAPE), tf.float32)], autograph=False)
    def values(pixels: tf.Tensor) -> list[tf.Tensor]:
        return graph.run(pixels)

    return values
