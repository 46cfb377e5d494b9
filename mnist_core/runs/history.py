"""The history of a run: what was measured after each epoch, in history.csv."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from mnist_core.files import atomic, safe_files
from mnist_core.runs.details import MOST_EPOCHS


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

    Of imported runs all but the epoch can be NaN: unknown. The losses of a training that diverged
    can be infinite.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


_HISTORY_COLUMNS = tuple(field.name for field in fields(EpochRecord))

MOST_BYTES = 200 * MOST_EPOCHS
"""Of history.csv: a line of six numbers with all their digits has at most 140."""


def best_of(history: Sequence[EpochRecord]) -> int | None:
    """The epoch of the highest validation accuracy; ties go to the one with the lowest loss.

    `None` before the first epoch and where validation accuracy is not known of any.
    """
    known = [record for record in history if not math.isnan(record.validation_accuracy)]
    if not known:
        return None
    return max(known, key=lambda r: (r.validation_accuracy, -r.validation_loss, -r.epoch)).epoch


def read_history(folder: Path) -> tuple[EpochRecord, ...]:
    """The records of history.csv, which must count epochs from 1 without a gap.

    Raises:
        FileRefusedError: It is no regular file, leads elsewhere, or is too large.
        OSError: The file cannot be read.
        ValueError: A line is not an epoch's, or there are more than 10,000.
        csv.Error: It is no table.
    """
    content = safe_files.read_bytes(folder / "history.csv", most_bytes=MOST_BYTES)
    lines = csv.reader(io.StringIO(content.decode(), newline=""))
    columns = next(lines, [])
    places = [columns.index(name) for name in _HISTORY_COLUMNS]
    records: list[EpochRecord] = []
    for line in filter(None, lines):
        if len(line) <= max(places):
            raise ValueError(f"history.csv breaks off in epoch {len(records) + 1}")
        records.append(_record(len(records) + 1, [line[place] for place in places]))
    return tuple(records)


def _record(expected: int, texts: Sequence[str]) -> EpochRecord:
    if expected > MOST_EPOCHS:
        raise ValueError(f"history.csv has more than {MOST_EPOCHS:,} epochs")
    if int(texts[0]) != expected:
        raise ValueError("history.csv does not count its epochs from 1")
    record = EpochRecord(expected, *map(float, texts[1:]))
    for share in (record.accuracy, record.validation_accuracy):
        if not (0 <= share <= 1 or math.isnan(share)):
            raise ValueError(f"an accuracy of {share:g} in epoch {expected} of history.csv")
    if record.seconds < 0:
        raise ValueError(f"epoch {expected} of history.csv took {record.seconds:g} seconds")
    return replace(record, seconds=math.nan) if math.isinf(record.seconds) else record


def write_history(folder: Path, history: Sequence[EpochRecord]) -> None:
    """Write history.csv, whole or not at all."""
    lines = [",".join(_HISTORY_COLUMNS)]
    lines += [",".join(repr(value) for value in asdict(record).values()) for record in history]
    atomic.write_text(folder / "history.csv", "\n".join(lines) + "\n")
