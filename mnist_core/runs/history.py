"""The history of a run: what was measured after each epoch, in history.csv."""

import csv
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from mnist_core import atomic


@dataclass(frozen=True)
class EpochRecord:
    """One line of a run's history.

    Attributes:
        epoch: Counted from 1.
        loss: Mean cross-entropy over the epoch's training batches, in nats; of a linear model mean
            hinge loss after the epoch.
        accuracy: Share of training images classified right, over the same, 0–1.
        validation_loss: As `loss`, after the epoch on the validation split.
        validation_accuracy: Share of validation images classified right after the epoch, 0–1.
        seconds: Wall-clock time of the epoch, without evaluating validation and test and saving.

    Of imported runs all but the epoch can be NaN: unknown.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


_HISTORY_COLUMNS = tuple(field.name for field in fields(EpochRecord))


def best_of(history: Sequence[EpochRecord]) -> int | None:
    """The epoch of the highest validation accuracy; of equals the one with the lowest loss.

    `None` before the first epoch and where validation accuracy is not known of any.
    """
    known = [record for record in history if not math.isnan(record.validation_accuracy)]
    if not known:
        return None
    return max(known, key=lambda r: (r.validation_accuracy, -r.validation_loss, -r.epoch)).epoch


def read_history(folder: Path) -> tuple[EpochRecord, ...]:
    """The records of history.csv, which must count epochs from 1 without a gap.

    Raises:
        OSError: The file cannot be read.
        ValueError: A line is not an epoch's.
    """
    with (folder / "history.csv").open(newline="", encoding="utf-8") as file:
        records = tuple(
            EpochRecord(
                epoch=int(line["epoch"]),
                **{name: float(line[name]) for name in _HISTORY_COLUMNS[1:]},
            )
            for line in csv.DictReader(file)
        )
    if [record.epoch for record in records] != list(range(1, len(records) + 1)):
        raise ValueError("history.csv does not count its epochs from 1")
    return records


def write_history(folder: Path, history: Sequence[EpochRecord]) -> None:
    """Write history.csv, whole or not at all."""
    lines = [",".join(_HISTORY_COLUMNS)]
    lines += [",".join(repr(value) for value in asdict(record).values()) for record in history]
    atomic.write_text(folder / "history.csv", "\n".join(lines) + "\n")
