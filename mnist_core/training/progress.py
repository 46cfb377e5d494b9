"""`Progress`: how far a training has come, and the clock that estimates when it ends."""

import time
from dataclasses import dataclass

from mnist_core.runs import EpochRecord


@dataclass(frozen=True)
class Progress:
    """How far a training has come.

    Attributes:
        epoch: The epoch under way, counted from 1.
        max_epochs: Where it ends at the latest.
        step: Batches done in this epoch.
        steps: Batches in an epoch.
        seconds_left: Estimate until `max_epochs`.
        finished: The record of the epoch, once it has been saved; else `None`.
    """

    epoch: int
    max_epochs: int
    step: int
    steps: int
    seconds_left: float
    finished: EpochRecord | None = None


class Clock:
    """Measures an epoch and estimates the time left."""

    def __init__(self, steps: int, max_epochs: int, *, first_epoch: int) -> None:
        self.steps, self.max_epochs, self.first_epoch = steps, max_epochs, first_epoch
        self.started = time.monotonic()

    def begin(self, epoch: int) -> None:
        self.epoch, self.epoch_started = epoch, time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self.epoch_started

    def progress(self, step: int) -> Progress:
        done = (self.epoch - self.first_epoch) * self.steps + step
        left = (self.max_epochs - self.epoch + 1) * self.steps - step
        seconds_left = (time.monotonic() - self.started) / done * left
        return Progress(self.epoch, self.max_epochs, step, self.steps, seconds_left)
