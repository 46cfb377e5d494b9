"""`Recipe`: how to build, preprocess, train and stop a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Recipe:
    """How to build, preprocess, train and stop a model.

    Attributes:
        name: What it is called on the command line.
        summary: Its layers in one line.
        build: Makes an uncompiled functional Keras model. Input: grey levels 0–255 of shape
            `(n, 28, 28)`, which its first layers preprocess; output: probabilities `(n, 10)`.
        parameters: Number of weights and biases that `build` makes.
        optimizer: Keras's name of the optimizer, used at its defaults.
        batch_size: Images per step.
        max_epochs: Training ends after so many passes over the training images.
        patience: It also ends once validation accuracy has not improved for so many epochs;
            `None` to train for `max_epochs` always.
    """

    name: str
    summary: str
    build: Callable[[], keras.Model]
    parameters: int
    optimizer: str
    batch_size: int
    max_epochs: int
    patience: int | None = None
