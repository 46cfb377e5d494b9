"""Dense layers on the pixels: one hidden layer, two behind a normalisation of their own, four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mnist_core.recipes.pixels import pixels
from mnist_core.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def build(
    n_classes: int = 10,
    *,
    name: str,
    hidden: Sequence[int],
    dropout: float = 0.0,
    unit_columns: bool = False,
) -> keras.Model:
    """Hidden layers of the given sizes and a softmax over the classes.

    Args:
        n_classes: Number of classes.
        name: Of the model.
        hidden: Units of each hidden layer.
        dropout: Share of each hidden layer's units left out while training, 0–1.
        unit_columns: Scale every column of an image to length 1 instead of its grey levels to 0–1.
    """
    from keras import Model, layers

    image, x = pixels()
    if unit_columns:
        x = layers.UnitNormalization(axis=1, name="unit_columns")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, units in enumerate(hidden, 1):
        label = "hidden" if len(hidden) == 1 else f"hidden_{number}"
        x = layers.Dense(units, activation="relu", name=label)(x)
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    probabilities = layers.Dense(n_classes, activation="softmax", name="probabilities")(x)
    return Model(image, probabilities, name=name)


DENSE_256 = Recipe(
    name="dense-256",
    summary="Dense 256, Dense 10",
    build=partial(build, name="dense-256", hidden=(256,)),
    parameters=203_530,
    optimizer="rmsprop",
    batch_size=128,
    max_epochs=5,
)

MLP_128_128 = Recipe(
    name="mlp-128-128",
    summary="Columns of length 1, Dense 128 ×2, Dense 10",
    build=partial(build, name="mlp-128-128", hidden=(128, 128), unit_columns=True),
    parameters=118_282,
    batch_size=32,
    max_epochs=8,
    published=0.9717,
)

MLP_DEEP = Recipe(
    name="mlp-deep",
    summary="Dense 256-128-64-32, Dense 10",
    build=partial(build, name="mlp-deep", hidden=(256, 128, 64, 32)),
    parameters=244_522,
    batch_size=32,
    max_epochs=20,
    published=0.9796,
)

MLP_DEEP_DROPOUT = replace(
    MLP_DEEP,
    name="mlp-deep-dropout",
    summary="Dense 256-128-64-32 with dropout 0.3, Dense 10",
    build=partial(build, name="mlp-deep-dropout", hidden=(256, 128, 64, 32), dropout=0.3),
    published=0.9812,
)

RECIPES = (DENSE_256, MLP_128_128, MLP_DEEP, MLP_DEEP_DROPOUT)
