"""`Multiplier`: how much a change of each unit counts in the explained numbers (DeepLIFT)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf


@dataclass(frozen=True, eq=False)
class Multiplier:
    """The multipliers of one value of a model, against n background images; kept as a product.

    What a non-linear layer adds is the same for all maps. It is gathered in `scale`, which is
    smaller by their number, and multiplied with `core` once, in front of the next layer that has
    weights.

    Attributes:
        core: Shape `(maps, n, …)`.
        scale: Shape `(n, …)` or `(1, …)`; `None` for 1.
        window: How many places of the value share one of `core`, along each of its axes but the
            first and the last; empty where each has its own.
    """

    core: tf.Tensor
    scale: tf.Tensor | None = None
    window: tuple[int, ...] = ()

    def times(self, scale: tf.Tensor) -> Multiplier:
        """The product with what is the same for all maps. Shape `(n, …)` or `(1, …)`."""
        return replace(self, scale=scale if self.scale is None else self.scale * scale)

    def whole(self) -> tf.Tensor:
        """The product itself. Shape `(maps, n, …)`."""
        if self.scale is None:
            return self.core
        if not self.window:
            return self.core * self.scale
        return _spread(self.core, self.window, self.scale)


def lengths_of(tensor: tf.Tensor) -> list[int | tf.Tensor]:
    """The lengths of a tensor's axes, as numbers where they are known before it is computed."""
    import tensorflow as tf

    computed = tf.shape(tensor)
    return [
        computed[axis] if length is None else length for axis, length in enumerate(tensor.shape)
    ]


def _spread(core: tf.Tensor, window: tuple[int, ...], scale: tf.Tensor) -> tf.Tensor:
    """Give each place of a window the value of the window, times its own scale.

    One axis after the other, the outermost last and together with the product, so that the whole is
    written once.
    """
    import tensorflow as tf

    maps, n = lengths_of(core)[0], lengths_of(scale)[0]
    lengths, channels = scale.shape[1:-1].as_list(), scale.shape[-1]
    # Windows do not reach into what is left over at the far side.
    covered = [length // size * size for length, size in zip(lengths, window, strict=True)]
    inner = channels
    for axis in range(len(window) - 1, 0, -1):
        core = tf.reshape(core, (-1, 1, inner))
        core = tf.broadcast_to(core, (lengths_of(core)[0], window[axis], inner))
        inner *= covered[axis]
    slices = tuple(slice(length) for length in covered)
    rows = n * (covered[0] // window[0])
    product = tf.reshape(core, (maps, rows, 1, inner)) * tf.reshape(
        scale[(slice(None), *slices)], (rows, window[0], inner)
    )
    product = tf.reshape(product, (maps, n, *covered, channels))
    left = [[0, length - end] for length, end in zip(lengths, covered, strict=True)]
    return product if lengths == covered else tf.pad(product, [[0, 0], [0, 0], *left, [0, 0]])
