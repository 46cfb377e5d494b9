"""flagship: four normalised convolutions on changed images, as accurate as two cores can train."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mnist_core.recipes.augmentation import Augmentation
from mnist_core.recipes.pixels import pixels
from mnist_core.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def build(n_classes: int = 10) -> keras.Model:
    """24 filters of 5×5, 64, 64 and 128 of 3×3, 128 hidden units, a softmax over the classes.

    Normalised behind every layer (batch normalisation; Ioffe, Szegedy 2015).
    """
    from keras import Model, layers

    def conv(
        x: keras.KerasTensor, filters: int, size: int, name: str, padding: str = "valid"
    ) -> keras.KerasTensor:
        x = layers.Conv2D(filters, size, padding=padding, use_bias=False, name=name)(x)
        x = layers.BatchNormalization(name=f"{name}_normalised")(x)
        return layers.ReLU(name=f"{name}_relu")(x)

    image, x = pixels(channel=True)
    x = layers.MaxPooling2D(2, name="pool_1")(conv(x, 24, 5, "conv_1"))
    x = conv(conv(x, 64, 3, "conv_2"), 64, 3, "conv_3")
    x = layers.Dropout(0.2, name="dropout_1")(layers.MaxPooling2D(2, name="pool_2")(x))
    x = layers.Dropout(0.2, name="dropout_2")(conv(x, 128, 3, "conv_4", "same"))
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, use_bias=False, name="hidden")(x)
    x = layers.BatchNormalization(name="hidden_normalised")(x)
    x = layers.Dropout(0.3, name="dropout_3")(layers.ReLU(name="hidden_relu")(x))
    probabilities = layers.Dense(n_classes, activation="softmax", name="probabilities")(x)
    return Model(image, probabilities, name="flagship")


RECIPE = Recipe(
    name="flagship",
    summary="Conv 24@5×5, MaxPool, Conv 64@3×3 ×2, MaxPool, Conv 128@3×3, Dense 128, Dense 10",
    build=build,
    parameters=390_082,
    batch_size=128,
    max_epochs=36,
    peak_learning_rate=3e-3,
    augmentation=Augmentation(
        rotation=12, zoom=0.12, shear=0.15, horizontal_shift=0.09, vertical_shift=0.09
    ),
)
