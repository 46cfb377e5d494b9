"""Histories that other programs wrote: Keras's CSVLogger, and TensorBoard's event files."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mnist_core.errors import RunError
from mnist_core.files import safe_files
from mnist_core.files.damage import complaint
from mnist_core.runs import EpochRecord

_ACCURACY = ("accuracy", "acc", "sparse_categorical_accuracy", "categorical_accuracy")
MOST_BYTES = 10_000_000
"""Of a file of CSVLogger: 10,000 epochs with fifty columns."""

_NAMES = {
    "loss": ("loss",),
    "accuracy": _ACCURACY,
    "validation_loss": ("val_loss",),
    "validation_accuracy": tuple(f"val_{name}" for name in _ACCURACY),
}


def read_csv_log(path: Path) -> tuple[EpochRecord, ...]:
    """The history in a file of Keras's CSVLogger, counted from 1; NaN for what it does not say.

    Raises:
        RunError: It is no such file, or leaves epochs out.
    """
    try:
        content = safe_files.read_bytes(path, most_bytes=MOST_BYTES).decode()
        lines = [
            {name.strip(): float(text) for name, text in line.items() if _is_number(text)}
            for line in csv.DictReader(io.StringIO(content, newline=""), restkey="surplus")
        ]
        # What was appended by a training that went on counts instead of what it replaced.
        by_epoch = {int(line["epoch"]): line for line in lines}
    except (OSError, ValueError, OverflowError, AttributeError, csv.Error) as error:
        raise RunError(
            f"Expected a file of Keras's CSVLogger. Received: {path.name} cannot be read "
            f"({complaint(error)}). Leave it out or fix it."
        ) from error
    except KeyError as error:
        raise RunError(
            f"Expected a file of Keras's CSVLogger, with a column named {error}. Received: "
            f"{path.name} without it. Leave it out or fix it."
        ) from error
    return _records(by_epoch, path.name)


def read_event_files(folder: Path) -> tuple[EpochRecord, ...]:
    """The history in TensorBoard's event files beneath a folder, counted from 1.

    As Keras's TensorBoard callback writes them: `epoch_loss`, `epoch_accuracy`, validation in a
    folder of that name. The seconds of an epoch are those between two entries of training; those
    of the first are unknown. A torn end is left out.

    Returns:
        Empty where there are no event files, or none with epochs.
    """
    values: dict[int, dict[str, float]] = {}
    times: dict[int, float] = {}
    paths = sorted(folder.rglob("*tfevents*"))
    trainings = {path.parent for path in paths if path.parent.name.lower() != "validation"}
    if len(trainings) > 1:
        names = ", ".join(sorted(str(path.relative_to(folder)) for path in trainings))
        raise RunError(
            f"Expected the event files of one training. Received: those of {names}. Leave one of "
            "these folders."
        )
    for path in paths:
        safe_files.check_regular(path)
        of_validation = "validation" in (part.lower() for part in path.relative_to(folder).parts)
        for tag, step, value, seconds in _events(path):
            if tag != "epoch_learning_rate":
                name = tag.removeprefix("epoch_")
                values.setdefault(step, {})[f"val_{name}" if of_validation else name] = value
                if not of_validation:
                    times[step] = seconds
    for step in values:
        if step in times and step - 1 in times:
            values[step]["seconds"] = times[step] - times[step - 1]
    return _records(values, "the event files") if values else ()


def _records(lines: Mapping[int, Mapping[str, float]], source: str) -> tuple[EpochRecord, ...]:
    first = min(lines, default=-1)  # CSVLogger and TensorBoard count from 0
    if first not in (0, 1) or sorted(lines) != list(range(first, first + len(lines))):
        raise RunError(
            f"Expected epochs without a gap in {source}. Received: {sorted(lines)[:20]}. "
            "Leave the log out or complete it."
        )
    records = tuple(
        EpochRecord(
            epoch=epoch - first + 1,
            **{field: _first_of(line, names) for field, names in _NAMES.items()},
            seconds=round(line.get("seconds", math.nan), 2),
        )
        for epoch, line in sorted(lines.items())
    )
    shares = [share for r in records for share in (r.accuracy, r.validation_accuracy)]
    if any(not (0 <= share <= 1 or math.isnan(share)) for share in shares):
        raise RunError(
            f"Expected accuracies from 0 to 1 in {source}. Received: others, perhaps in %. Leave "
            "the log out or divide them by 100."
        )
    return records


def _first_of(line: Mapping[str, float], names: Iterable[str]) -> float:
    return next((line[name] for name in names if name in line), math.nan)


def _is_number(text: object) -> bool:
    try:
        float(str(text))
    except ValueError:
        return False
    return True


def _events(path: Path) -> Iterator[tuple[str, int, float, float]]:
    """Tag, step, value and time of every number in an event file, up to where it is torn."""
    import tensorflow as tf
    from tensorflow.core.util import event_pb2

    records = iter(tf.data.TFRecordDataset(str(path)))
    while True:
        try:
            event = event_pb2.Event.FromString(next(records).numpy())
        except (StopIteration, tf.errors.DataLossError):
            return
        for value in event.summary.value:
            if not value.tag.startswith("epoch_"):
                continue  # the model as text, histograms, pictures
            if value.HasField("tensor"):
                number = float(tf.make_ndarray(value.tensor).reshape(-1)[0])
            else:
                number = float(value.simple_value)
            yield value.tag, int(event.step), number, float(event.wall_time)
