"""simple-conv: one convolution, one hidden layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mnist_core.recipes.pixels import pixels
from mnist_core.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def build(n_classes: int = 10) -> keras.Model:
    """32 filters of 3×3, a 2×2 maximum, 128 hidden units and a softmax over the classes."""
    from keras import Model, layers

    image, x = pixels(channel=True)
    x = layers.Conv2D(32, 3, activation="relu", name="conv")(x)
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", name="hidden")(x)
    probabilities = layers.Dense(n_classes, activation="softmax", name="probabilities")(x)
    return Model(image, probabilities, name="simple-conv")


RECIPE = Recipe(
    name="simple-conv",
    summary="Conv 32@3×3, MaxPool 2×2, Dense 128, Dense 10",
    build=build,
    parameters=693_962,
    optimizer="adam",
    batch_size=100,
    max_epochs=10,
    patience=2,
    published=0.9858,
)
