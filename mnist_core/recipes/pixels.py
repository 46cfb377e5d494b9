"""How every model begins: grey levels scaled to 0–1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mnist_core.image_size import SIDE

if TYPE_CHECKING:
    import keras


def pixels(*, channel: bool = False) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The input of a model, and what its first own layer gets.

    Args:
        channel: Whether that is an image of one channel, as convolutions want it.

    Returns:
        Grey levels, 0–255, shape `(n, 28, 28)`; the same as 0–1, with a channel `(n, 28, 28, 1)`.
    """
    from keras import Input, layers

    image = Input((SIDE, SIDE), name="grey_levels")
    x = layers.Rescaling(1 / 255, name="rescaling")(image)
    if channel:
        x = layers.Reshape((SIDE, SIDE, 1), name="channel")(x)
    return image, x
