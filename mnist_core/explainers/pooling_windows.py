"""`PoolingWindows`: the windows of a pooling layer, whatever its number of axes and its padding."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mnist_core.explainers.multiplier import lengths_of

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_LOWEST = -1e30
"""Stands beyond the edge, where nothing is a maximum."""


@dataclass(frozen=True)
class PoolingWindows:
    """Where the windows of a layer lie on a value of shape `(rows, *lengths, channels)`.

    Attributes:
        sizes: Of a window, along each axis.
        strides: From one window to the next.
        before: Places in front of the first that the first window begins with.
        counts: Windows along each axis.
        lengths: Of the value.
    """

    sizes: tuple[int, ...]
    strides: tuple[int, ...]
    before: tuple[int, ...]
    counts: tuple[int, ...]
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, layer: keras.Layer, lengths: tuple[int, ...]) -> PoolingWindows:
        """Those of a pooling layer, global or of parts, on a value of these lengths."""
        if not hasattr(layer, "pool_size"):
            ones = (1,) * len(lengths)
            return cls(lengths, lengths, (0,) * len(lengths), ones, lengths)
        sizes = _numbers(layer.pool_size, len(lengths))
        strides = _numbers(layer.strides or layer.pool_size, len(lengths))
        if layer.padding == "valid":
            pairs = zip(lengths, sizes, strides, strict=True)
            counts = tuple((length - size) // step + 1 for length, size, step in pairs)
            return cls(sizes, strides, (0,) * len(lengths), counts, lengths)
        counts = tuple(-(-length // step) for length, step in zip(lengths, strides, strict=True))
        # TensorFlow's "same": what is beyond the edge is shared by both, the far one first.
        every = zip(counts, strides, sizes, lengths, strict=True)
        beyond = [max(0, (n - 1) * step + size - length) for n, step, size, length in every]
        return cls(sizes, strides, tuple(b // 2 for b in beyond), counts, lengths)

    @property
    def are_apart(self) -> bool:
        """Whether no place is in two windows, and none beyond the edge."""
        inside = zip(self.counts, self.sizes, self.lengths, strict=True)
        return self.sizes == self.strides and all(n * size <= end for n, size, end in inside)

    def cut(self, value: tf.Tensor) -> tf.Tensor:
        """The places of each window. Shape `(rows, *counts, places of a window, channels)`."""
        import tensorflow as tf

        if self.are_apart:
            return self._cut_apart(value)
        every = zip(self.before, self.counts, self.strides, self.sizes, self.lengths, strict=True)
        edges = [
            [first, max(0, (n - 1) * step + size - length - first)]
            for first, n, step, size, length in every
        ]
        padded = tf.pad(value, [[0, 0], *edges, [0, 0]], constant_values=_LOWEST)
        parts = []
        for start in itertools.product(*map(range, self.sizes)):
            axes = zip(start, self.counts, self.strides, strict=True)
            places = [slice(first, first + (n - 1) * step + 1, step) for first, n, step in axes]
            parts.append(padded[(slice(None), *places)])
        return tf.stack(parts, axis=-2)

    def joined(self, windows: tf.Tensor) -> tf.Tensor:
        """The value whose windows these are; 0 where none lies.

        Only of windows that are apart.

        Args:
            windows: As `cut` makes them.
        """
        import tensorflow as tf

        axes, channels = len(self.sizes), windows.shape[-1]
        split = tf.reshape(windows, (-1, *self.counts, *self.sizes, channels))
        pairs = [axis for pair in range(axes) for axis in (1 + pair, 1 + axes + pair)]
        covered = self._covered
        value = tf.reshape(tf.transpose(split, (0, *pairs, 2 * axes + 1)), (-1, *covered, channels))
        left = [[0, length - end] for length, end in zip(self.lengths, covered, strict=True)]
        return value if covered == self.lengths else tf.pad(value, [[0, 0], *left, [0, 0]])

    def summed(self, windows: tf.Tensor) -> tf.Tensor:
        """The value in which the places of all windows are added up. Shape `(rows, *lengths, …)`.

        Args:
            windows: As `cut` makes them.
        """
        import tensorflow as tf

        blank = tf.zeros((lengths_of(windows)[0], *self.lengths, windows.shape[-1]))
        (found,) = tf.gradients(self.cut(blank), blank, grad_ys=[windows])
        return found

    @property
    def _covered(self) -> tuple[int, ...]:
        return tuple(n * size for n, size in zip(self.counts, self.sizes, strict=True))

    def _cut_apart(self, value: tf.Tensor) -> tf.Tensor:
        import tensorflow as tf

        axes, channels = len(self.sizes), value.shape[-1]
        if self._covered != self.lengths:
            value = value[(slice(None), *map(slice, self._covered))]
        pairs = [part for pair in zip(self.counts, self.sizes, strict=True) for part in pair]
        split = tf.reshape(value, (-1, *pairs, channels))
        order = (0, *range(1, 2 * axes, 2), *range(2, 2 * axes + 1, 2), 2 * axes + 1)
        places = math.prod(self.sizes)
        return tf.reshape(tf.transpose(split, order), (-1, *self.counts, places, channels))


def _numbers(value: int | tuple[int, ...], axes: int) -> tuple[int, ...]:
    return (value,) * axes if isinstance(value, int) else tuple(value)
