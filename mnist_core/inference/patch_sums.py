"""`PatchSum`: where one pixel of a map comes from: patch × kernel = sum, or the pixel that won."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import ExplanationError
from mnist_core.inference.feature_maps import values_of
from mnist_core.inference.layer_stages import PlacedStage, find_stage
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras

_POOLINGS = {"MaxPooling2D": True, "AveragePooling2D": False}
"""Whether of a patch the largest counts, or the mean."""


@dataclass(frozen=True, eq=False)
class PatchSum:
    """What one pixel of a map was computed from; read-only.

    Attributes:
        patch: What the layer looked at, one map for each of its inputs; NaN beyond the edge, where
            a convolution takes 0 and pooling nothing. `float32`, shape `(inputs, height, width)`.
        channels: Numbers of these inputs among the channels in front. `int64`, shape `(inputs,)`.
        kernel: The weights. `float32`, shaped as the patch; of pooling 0 or 1 for the largest
            alone, or the share of each in the mean.
        bias: What is added.
        total: Sum of patch × kernel, and the bias.
        value: What the layer answers: `total` behind its activation function.
        is_pooling: Whether it is a patch of pooling.
        is_maximum: Whether the largest of the patch alone counts.
    """

    patch: np.ndarray
    channels: np.ndarray
    kernel: np.ndarray
    bias: float
    total: float
    value: float
    is_pooling: bool = False
    is_maximum: bool = False

    def __post_init__(self) -> None:
        for name in ("patch", "channels", "kernel"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def products(self) -> np.ndarray:
        """Patch × kernel. `float64`, shaped as the patch, 0 beyond the edge."""
        return np.nan_to_num(self.patch).astype(np.float64) * self.kernel


def patch_sum(
    model_file: Path, image: np.ndarray, number: int, channel: int, row: int, column: int
) -> PatchSum | None:
    """Where one pixel of a map comes from.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        number: Of the stage (see `layer_stages`), from 1.
        channel: Of the stage, from 0.
        row: Of the pixel, from 0 at the top.
        column: Of the pixel, from 0 on the left.

    Returns:
        `None` for a layer whose numbers are no sums over one patch: any but Conv2D,
        DepthwiseConv2D, MaxPooling2D and AveragePooling2D.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The image is not as above, or there is no such stage or pixel.
    """
    model = cached_model(model_file)
    placed = find_stage(model, number)
    kind, shape = placed.stage.kind, placed.stage.shape
    if kind not in ("Conv2D", "DepthwiseConv2D", *_POOLINGS):
        return None
    asked = (row, column, channel)
    if not all(0 <= place < length for place, length in zip(asked, shape, strict=True)):
        raise ExplanationError(
            f"Expected a row, column and channel within {shape}. Received: {asked}. Choose a pixel "
            "of the layer's maps."
        )
    values = values_of(model, image)
    seen = np.asarray(values[placed.step.inputs[0]][0], np.float32)
    value = float(values[placed.value][0][row, column, channel])
    if kind in _POOLINGS:
        return _pooled(placed, seen, asked, value)
    return _convolved(placed, seen, asked, value)


def _convolved(
    placed: PlacedStage, seen: np.ndarray, asked: tuple[int, int, int], value: float
) -> PatchSum:
    layer, channel = placed.step.layer, asked[2]
    weights = np.asarray(layer.kernel)  # of Conv2D (height, width, inputs of a group, filters)
    if placed.stage.kind == "DepthwiseConv2D":  # (height, width, inputs, filters of an input)
        channels = np.array([channel // weights.shape[3]])
        kernel = weights[:, :, channels, channel % weights.shape[3]]
    else:
        of_group = weights.shape[2]
        group = channel // (weights.shape[3] // layer.groups)
        channels = np.arange(of_group) + group * of_group
        kernel = weights[..., channel]
    patch = _patch(layer, seen[..., channels], weights.shape[:2], layer.dilation_rate, asked)
    bias = float(layer.bias[channel]) if layer.use_bias else 0.0
    kernel = np.moveaxis(kernel, -1, 0).astype(np.float32)
    total = float((np.nan_to_num(patch).astype(np.float64) * kernel).sum() + bias)
    return PatchSum(patch, channels, kernel, bias, total, value)


def _pooled(
    placed: PlacedStage, seen: np.ndarray, asked: tuple[int, int, int], value: float
) -> PatchSum:
    layer, channels = placed.step.layer, np.array([asked[2]])
    is_maximum = _POOLINGS[placed.stage.kind]
    patch = _patch(layer, seen[..., channels], layer.pool_size, 1, asked)
    is_within = np.isfinite(patch)
    if is_maximum:
        kernel = np.zeros(patch.shape, np.float32)
        kernel.flat[np.nanargmax(patch)] = 1
    else:
        kernel = (is_within / is_within.sum()).astype(np.float32)
    total = float((np.nan_to_num(patch).astype(np.float64) * kernel).sum())
    return PatchSum(patch, channels, kernel, 0.0, total, value, True, is_maximum)


def _patch(
    layer: keras.Layer,
    seen: np.ndarray,
    size: tuple[int, ...],
    dilation: int | tuple[int, int],
    asked: tuple[int, int, int],
) -> np.ndarray:
    """What lies under the kernel, NaN beyond the edge. `float32`, shape `(inputs, h, w)`."""
    strides, spread = _pair(layer.strides), _pair(dilation)
    places = [
        _places(length, n, stride, apart, place, is_same=layer.padding == "same")
        for length, n, stride, apart, place in zip(
            seen.shape[:2], size, strides, spread, asked[:2], strict=True
        )
    ]
    rows, columns = places
    is_within = _is_within(rows, seen.shape[0])[:, None] & _is_within(columns, seen.shape[1])
    taken = seen[np.ix_(rows.clip(0, seen.shape[0] - 1), columns.clip(0, seen.shape[1] - 1))]
    return np.where(is_within, np.moveaxis(taken, -1, 0), np.float32(np.nan))


def _places(
    length: int, n: int, stride: int, apart: int, place: int, *, is_same: bool
) -> np.ndarray:
    """Where the points of a kernel lie along one side, also beyond the edge. `int64`, `(n,)`."""
    before = 0
    if is_same:  # as TensorFlow pads: on both sides, one more at the end where it is odd
        answered = -(-length // stride)
        before = max((answered - 1) * stride + (n - 1) * apart + 1 - length, 0) // 2
    return place * stride - before + np.arange(n) * apart


def _is_within(places: np.ndarray, length: int) -> np.ndarray:
    return (places >= 0) & (places < length)


def _pair(value: Any) -> tuple[int, int]:
    return tuple(value) if isinstance(value, list | tuple) else (value, value)
