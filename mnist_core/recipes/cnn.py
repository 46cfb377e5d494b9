"""cnn and cnn-augmented: two wide convolutions with dropout, without and with changed images."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mnist_core.recipes.augmentation import Augmentation
from mnist_core.recipes.pixels import pixels
from mnist_core.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

DROPOUT = 0.3


def build(n_classes: int = 10, *, name: str) -> keras.Model:
    """32 filters of 7×7, 48 of 5×5, 128 hidden units and a softmax over the classes."""
    from keras import Model, layers

    image, x = pixels(channel=True)
    for number, (filters, size) in enumerate(((32, 7), (48, 5)), 1):
        conv = layers.Conv2D(
            filters, size, padding="same", activation="relu", name=f"conv_{number}"
        )
        x = layers.MaxPooling2D(2, name=f"pool_{number}")(conv(x))
        x = layers.Dropout(DROPOUT, name=f"dropout_{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", name="hidden")(x)
    x = layers.Dropout(DROPOUT, name="dropout_3")(x)
    probabilities = layers.Dense(n_classes, activation="softmax", name="probabilities")(x)
    return Model(image, probabilities, name=name)


CNN = Recipe(
    name="cnn",
    summary="Conv 32@7×7, MaxPool, Conv 48@5×5, MaxPool, Dense 128, Dense 10; dropout 0.3",
    build=partial(build, name="cnn"),
    parameters=342_522,
    batch_size=32,
    max_epochs=20,
    published=0.9941,
)

CNN_AUGMENTED = replace(
    CNN,
    name="cnn-augmented",
    summary="cnn on images turned, zoomed and shifted at random",
    build=partial(build, name="cnn-augmented"),
    published=0.9946,
    augmentation=Augmentation(rotation=15, zoom=0.12, horizontal_shift=0.15, vertical_shift=0.1),
)

RECIPES = (CNN, CNN_AUGMENTED)
