"""What learning curves say of one epoch of a run, in words."""

import math
from collections.abc import Sequence
from typing import Literal

from mnist_core.answers.evaluation import Output
from mnist_core.formatting import loss, percent
from mnist_core.runs import EpochRecord

Measure = Literal["loss", "accuracy"]


def value_of(record: EpochRecord, measure: Measure, split: str) -> float:
    """Loss or accuracy of an epoch on `train` or `validation`."""
    return float(getattr(record, f"validation_{measure}" if split == "validation" else measure))


def reading(record: EpochRecord, measure: Measure, splits: Sequence[str], output: Output) -> str:
    """Loss or accuracy of an epoch on each of some splits, e.g. `train 0.0312 nats`."""
    said = (
        f"{split} {_said(value_of(record, measure, split), measure, output)}" for split in splits
    )
    return ", ".join(said)


def _said(value: float, measure: Measure, output: Output) -> str:
    if math.isnan(value):
        return "unknown"
    if measure == "accuracy":
        return percent(value, 2)
    if math.isinf(value):
        return loss(value)
    return f"{loss(value)} {'hinge' if output == 'scores' else 'nats'}"
