"""What each layer of a model answers to one image, its filters and its layers one by one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import ExplanationError
from mnist_core.image_size import SHAPE, SIDE
from mnist_core.inference.model_memory import kept
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras

Kind = Literal["convolution", "pooling"]


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """What one convolution or pooling layer answers to one image; read-only.

    Attributes:
        layer: Name of the layer.
        kind: `convolution` or `pooling`.
        maps: The layer's output, its activation function applied, one map per channel.
            `float32`, shape `(channels, height, width)`, ≥ 0 behind a ReLU.
        strongest: The channels by the mean of their map, largest first, the lower number first
            among equals. `int64`, shape `(channels,)`.
    """

    layer: str
    kind: Kind
    maps: np.ndarray
    strongest: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "maps", read_only(self.maps))
        object.__setattr__(self, "strongest", read_only(self.strongest))


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


def feature_maps(model_file: Path, image: np.ndarray) -> tuple[LayerMaps, ...]:
    """What every convolution and pooling layer answers to one image, from input to output.

    Layers inside a model that is itself a layer are left out.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.

    Returns:
        Empty for a model without such layers.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The image is not as above.
    """
    if image.shape != SHAPE or image.dtype != np.uint8:
        raise ExplanationError(
            "Expected one image of grey levels 0–255 (uint8) of shape (28, 28). Received: "
            f"{image.dtype} of shape {image.shape}. Take it from a split."
        )
    model = cached_model(model_file)
    kinds = {layer.name: kind for layer in model.layers if (kind := _kind(layer))}
    if not kinds:
        return ()
    pixels = image[np.newaxis].astype(np.float32)
    outputs = _answering(model, tuple(kinds))([pixels], training=False)
    return tuple(
        _layer_maps(layer, kind, outputs[layer][0].numpy()) for layer, kind in kinds.items()
    )


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
def _answering(model: keras.Model, layers: tuple[str, ...]) -> keras.Model:
    """The same model, answering with the outputs of those layers by name."""
    import keras

    return keras.Model(model.inputs, {layer: model.get_layer(layer).output for layer in layers})


def _kind(layer: keras.Layer) -> Kind | None:
    """Which of the two a layer is, `None` for any other and for those that answer no maps."""
    from keras import layers

    convolutions = (
        layers.Conv2D,
        layers.Conv2DTranspose,
        layers.DepthwiseConv2D,
        layers.SeparableConv2D,
    )
    if isinstance(layer, convolutions):
        return "convolution"
    return "pooling" if isinstance(layer, layers.MaxPooling2D | layers.AveragePooling2D) else None


def _layer_maps(layer: str, kind: Kind, output: np.ndarray) -> LayerMaps:
    maps = np.moveaxis(output, -1, 0)
    strongest = np.argsort(-maps.mean(axis=(1, 2), dtype=np.float64), kind="stable")
    return LayerMaps(layer, kind, maps, strongest)
