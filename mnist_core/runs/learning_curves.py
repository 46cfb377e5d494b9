"""What a run's history says of its learning: smoothed lines, and whether validation loss rises."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.runs import EpochRecord
from mnist_core.runs.trend import FEWEST, rise


def smoothed(values: Sequence[float], weight: float) -> np.ndarray:
    """Exponential moving average that starts at the first value.

    The weights of what came before are made up for at the start (as Adam does; Kingma, Ba 2015),
    so that the first values are not drawn towards zero.

    Args:
        values: One number per epoch; where one is NaN or infinite the line breaks off, and no
            other changes.
        weight: Of all that came before, 0 (no smoothing) to below 1.

    Returns:
        `float64`, as long as `values`.
    """
    result, average, known = np.full(len(values), np.nan), 0.0, 0
    for i, value in enumerate(values):
        if math.isfinite(value):
            average, known = weight * average + (1 - weight) * value, known + 1
            result[i] = average / (1 - weight**known)
    return result


@dataclass(frozen=True)
class Verdict:
    """Whether validation loss rises towards the end of a training, by more than noise.

    Attributes:
        epochs: Those with a known validation loss.
        rises_from: The epoch, counted from 1, of the lowest loss of the rise; `None` where there is
            no rise or there are too few epochs to tell.
        share: By how much the median of the later losses is higher than the lowest, as a share of
            it; NaN where nothing rises.
        infinite_from: The epoch from which validation loss is infinite to the end; `None` where the
            last one is not.
    """

    epochs: int
    rises_from: int | None = None
    share: float = math.nan
    infinite_from: int | None = None

    def __str__(self) -> str:
        """In words, e.g. `validation loss rises from epoch 6` or `no rise in 5 epochs`."""
        if self.infinite_from is not None:
            return f"validation loss is infinite from epoch {self.infinite_from}"
        if self.epochs < FEWEST:
            return "too few epochs to tell"
        if self.rises_from is None:
            return f"no rise in {self.epochs} epochs"
        return f"validation loss rises from epoch {self.rises_from}"


def verdict(history: Sequence[EpochRecord]) -> Verdict:
    """Whether validation loss rises, see `trend.rise` for how often that is said wrongly."""
    known = [record for record in history if math.isfinite(record.validation_loss)]
    if history and history[-1].validation_loss == math.inf:
        last_others = (r.epoch for r in reversed(history) if r.validation_loss != math.inf)
        return Verdict(len(known), infinite_from=next(last_others, 0) + 1)
    if len(known) < FEWEST:
        return Verdict(len(known))
    found = rise(np.array([record.validation_loss for record in known]))
    if found is None:
        return Verdict(len(known))
    return Verdict(len(known), known[found.start].epoch, found.share)


def seconds_left(history: Sequence[EpochRecord], max_epochs: int) -> float | None:
    """Estimate until `max_epochs` from the median epoch so far; `None` before one was timed."""
    seconds = [record.seconds for record in history if not math.isnan(record.seconds)]
    if not seconds:
        return None
    return float(np.median(seconds)) * max(0, max_epochs - len(history))
