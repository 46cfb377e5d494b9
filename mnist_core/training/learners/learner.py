"""`Learner`: what training asks of the library that changes a model's weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import keras


class Watch(Protocol):
    """What a learner reports while it trains."""

    def begin(self, epoch: int) -> None:
        """An epoch, counted from 1, begins."""

    def step(self, step: int) -> None:
        """So many steps of the epoch are done."""

    def end(self, epoch: int, *, loss: float, accuracy: float) -> bool:
        """An epoch has ended with this training loss and accuracy; is training over?"""


class Learner(ABC):
    """A model and what changes its weights.

    Attributes:
        model: The model as it stands, not compiled; what is saved and evaluated.
        steps: Steps in an epoch, as `Watch.step` counts them.
    """

    model: keras.Model
    steps: int

    @abstractmethod
    def fit(self, *, done: int, watch: Watch) -> None:
        """Train from epoch `done + 1` until the watch ends it.

        What happens in an epoch follows from the seed, the epoch and the state alone.
        """

    @abstractmethod
    def state(self) -> dict[str, np.ndarray]:
        """All that changes in training, by names that are the same in every process."""

    @abstractmethod
    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Take on a state.

        Raises:
            KeyError: It is not one of this learner's.
            ValueError: Its shapes are others.
        """
