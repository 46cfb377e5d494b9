"""What a run's history says of its learning: smoothed lines, and where validation turns."""

import math
from collections.abc import Sequence

import numpy as np

from mnist_core.runs import EpochRecord

CLEARLY = 0.05
"""Share by which validation loss must rise, and training loss fall, to be no mere jitter."""


def smoothed(values: Sequence[float], weight: float) -> np.ndarray:
    """Exponential moving average that starts at the first value.

    The weights of what came before are made up for at the start (as Adam does; Kingma, Ba 2015),
    so that the first values are not drawn towards zero.

    Args:
        values: One number per epoch; NaN, for an unknown one, stays NaN and changes no other.
        weight: Of all that came before, 0 (no smoothing) to below 1.

    Returns:
        `float64`, as long as `values`.
    """
    result, average, known = np.full(len(values), np.nan), 0.0, 0
    for i, value in enumerate(values):
        if not math.isnan(value):
            average, known = weight * average + (1 - weight) * value, known + 1
            result[i] = average / (1 - weight**known)
    return result


def turning_point(history: Sequence[EpochRecord]) -> int | None:
    """The epoch, counted from 1, after which the model learned by heart what it was shown.

    Validation loss was lowest there; the median of the epochs since is clearly higher, by more than
    it changes from one epoch to the next; and that of the training loss is clearly lower. `None`
    where that did not happen.
    """
    history = [r for r in history if not math.isnan(r.validation_loss + r.loss)]
    if not history:
        return None
    lowest = min(history, key=lambda record: record.validation_loss)
    since = [record for record in history if record.epoch > lowest.epoch]
    if len(since) < 2:
        return None
    steps = np.abs(np.diff([record.validation_loss for record in history]))
    rise = np.median([r.validation_loss for r in since]) - lowest.validation_loss
    fall = lowest.loss - np.median([r.loss for r in since])
    got_worse = rise > max(CLEARLY * lowest.validation_loss, float(np.median(steps)))
    return lowest.epoch if got_worse and fall > CLEARLY * lowest.loss else None


def seconds_left(history: Sequence[EpochRecord], max_epochs: int) -> float | None:
    """Estimate until `max_epochs` from the median epoch so far; `None` before the first."""
    if not history:
        return None
    median = float(np.median([record.seconds for record in history]))
    return median * max(0, max_epochs - len(history))
