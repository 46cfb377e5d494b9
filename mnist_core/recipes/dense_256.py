"""dense-256: one hidden layer on the plain pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mnist_core.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def build() -> keras.Model:
    """256 hidden units and a softmax over ten classes."""
    from keras import Input, Model, layers

    image = Input((28, 28), name="grey_levels")
    x = layers.Rescaling(1 / 255, name="rescaling")(image)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(256, activation="relu", name="hidden")(x)
    probabilities = layers.Dense(10, activation="softmax", name="probabilities")(x)
    return Model(image, probabilities, name="dense-256")


RECIPE = Recipe(
    name="dense-256",
    summary="Dense 256, Dense 10",
    build=build,
    parameters=203_530,
    optimizer="rmsprop",
    batch_size=128,
    max_epochs=5,
)
