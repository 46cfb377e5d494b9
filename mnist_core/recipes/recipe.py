"""`Recipe`: how to build, preprocess, train and stop a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mnist_core.answers.evaluation import Output
from mnist_core.recipes.augmentation import Augmentation

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Recipe:
    """How to build, preprocess, train and stop a model.

    Attributes:
        name: What it is called on the command line.
        summary: Its layers for ten classes, in one line.
        build: Makes an uncompiled functional Keras model for so many classes, ten by default.
            Input: grey levels 0–255 of shape `(n, 28, 28)`, which its first layers preprocess;
            output: `(n, n_classes)`.
        parameters: Number of weights and biases that `build` makes for ten classes.
        batch_size: Images per step.
        max_epochs: Training ends after so many passes over the training images.
        patience: It also ends once validation accuracy has not improved for so many epochs;
            `None` to train for `max_epochs` always.
        optimizer: Keras's name of the optimizer, used at its defaults.
        peak_learning_rate: The learning rate rises to this over the first fifth of all steps and
            falls to zero along a cosine; `None` for the optimizer's own, constant one.
        augmentation: Random changes to the training images; `None` for the images as they are.
        penalty: scikit-learn's `SGDClassifier` learns the model's one layer by hinge loss with
            this penalty (`l1`, `l2` or `elasticnet`) instead of Keras; `None` for Keras.
        published: Test accuracy, 0–1, that the write-up the recipe comes from gives; `None` where
            it gives none.
    """

    name: str
    summary: str
    build: Callable[..., keras.Model]
    parameters: int
    batch_size: int
    max_epochs: int
    patience: int | None = None
    optimizer: str = "adam"
    peak_learning_rate: float | None = None
    augmentation: Augmentation | None = None
    penalty: str | None = None
    published: float | None = None

    @property
    def output(self) -> Output:
        """What the model answers: probabilities, or scores of which only the order counts."""
        return "probabilities" if self.penalty is None else "scores"
