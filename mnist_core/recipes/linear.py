"""One linear layer trained by scikit-learn's SGDClassifier, with three kinds of penalty."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mnist_core.recipes.pixels import pixels
from mnist_core.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def build(n_classes: int = 10, *, name: str) -> keras.Model:
    """A score for each class: the weighted sum of the pixels."""
    from keras import Model, layers

    image, x = pixels()
    x = layers.Flatten(name="flatten")(x)
    return Model(image, layers.Dense(n_classes, name="scores")(x), name=name)


def _recipe(penalty: str, published: float) -> Recipe:
    name = f"linear-{penalty}"
    return Recipe(
        name=name,
        summary=f"Dense 10 by hinge loss with {penalty} penalty",
        build=partial(build, name=name),
        parameters=7_850,
        batch_size=1,
        max_epochs=60,
        optimizer="SGDClassifier",
        penalty=penalty,
        published=published,
    )


RECIPES = (_recipe("l1", 0.9046), _recipe("l2", 0.9175), _recipe("elasticnet", 0.9147))
