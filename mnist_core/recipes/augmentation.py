"""`Augmentation`: small random changes to training images, the same for the same seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf


@dataclass(frozen=True)
class Augmentation:
    """How far each training image is turned, scaled, slanted and moved at most.

    Every amount is drawn evenly from minus to plus the number given, for each image anew.

    Attributes:
        rotation: Degrees.
        zoom: Share of the size, for width and height apart; 0.1 draws between 0.9 and 1.1.
        shear: Sideways shift from one row to the next, in pixels.
        horizontal_shift: Share of the width.
        vertical_shift: Share of the height.
    """

    rotation: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    horizontal_shift: float = 0.0
    vertical_shift: float = 0.0

    def __call__(self, images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Change a batch of images, each in its own way; what moves in from outside is paper.

        Args:
            images: Grey levels 0–255. Any dtype, shape `(n, height, width)`.
            seed: What the changes follow from. `int64`, shape `(2,)`.

        Returns:
            Grey levels 0–255, by bilinear interpolation. `float32`, shape as `images`.
        """
        import tensorflow as tf

        n, height, width = tf.unstack(tf.shape(images))
        drawn = tf.random.stateless_uniform((6, n), seed=seed, minval=-1, maxval=1)
        turn = drawn[0] * self.rotation * math.pi / 180
        wider, higher = 1 + drawn[1] * self.zoom, 1 + drawn[2] * self.zoom
        slant = drawn[3] * self.shear
        right = drawn[4] * self.horizontal_shift * tf.cast(width, tf.float32)
        down = drawn[5] * self.vertical_shift * tf.cast(height, tf.float32)
        # Where each pixel of the result comes from: (x, y) → A (x, y) + t, about the centre.
        cosine, sine = tf.cos(turn), tf.sin(turn)
        a, b = cosine / wider, (slant * cosine - sine) / wider
        c, d = sine / higher, (slant * sine + cosine) / higher
        x = tf.cast(width - 1, tf.float32) / 2
        y = tf.cast(height - 1, tf.float32) / 2
        zero = tf.zeros_like(turn)
        rows = [a, b, x - a * x - b * y - right, c, d, y - c * x - d * y - down, zero, zero]
        changed = tf.raw_ops.ImageProjectiveTransformV3(
            images=tf.cast(images, tf.float32)[..., tf.newaxis],
            transforms=tf.stack(rows, axis=1),
            output_shape=tf.stack([height, width]),
            interpolation="BILINEAR",
            fill_mode="CONSTANT",
            fill_value=0.0,
        )
        return tf.squeeze(changed, axis=-1)
