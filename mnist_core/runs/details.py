"""`Details`: what a run says of itself in run.json, checked once as it is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from mnist_core.answers.evaluation import Output
from mnist_core.files import atomic, checked, safe_files
from mnist_core.files.checked import by_name, listed, number, one_of, optional, share, text, whole

State = Literal["training", "finished", "stopped", "imported", "refused"]

MOST_BYTES = 1_000_000
MOST_EPOCHS = 10_000

_LARGE = 10**12
"""No run has so many parameters, images or epochs."""


@dataclass(frozen=True)
class Hyperparameters:
    """How a model was trained; what run.json does not name is as it was before it was named.

    Attributes: as of `Recipe`; `None` also for what is not known.
        loss: In words.
        augmentation: By name the amounts of `Augmentation`; `None` for the images as they are.
    """

    loss: str | None = None
    optimizer: str = "adam"
    peak_learning_rate: float | None = None
    penalty: str | None = None
    batch_size: int | None = None
    max_epochs: int | None = None
    patience: int | None = None
    augmentation: Mapping[str, float] | None = None


@dataclass(frozen=True)
class DataRecord:
    """The images that a run has to do with.

    Attributes:
        name: Of the data set.
        source: Where its images came from, in words.
        sizes: Number of images by split.
        fingerprints: Of the splits by name.
    """

    name: str = ""
    source: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportRecord:
    """How an imported run came about.

    Attributes:
        source: Name of the folder or file it was made of.
        files: Name of each epoch's file, by the epoch.
        input_scale: Name of the scale of its input.
        ended_in: `logits` or `softmax`.
        log: Name of the log of its training; `None` without one.
        notes: A sentence on each choice that was made.
        left_out: A sentence on each file that does not fit.
    """

    source: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    input_scale: str = ""
    ended_in: str = ""
    log: str | None = None
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Details:
    """All of run.json; what a file does not say is `None` or empty.

    Attributes:
        state: As it was written; a training that was killed is still `training`.
        recipe: Name of the recipe; empty for a model from elsewhere.
        parameters: Number of weights and biases.
        test_accuracy: Share of the test split classified right after the best epoch, 0–1.
        output: What the models answer with.
        n_classes: Number of classes they tell apart.
        seed: What chance followed from.
        hyperparameters: How it was trained.
        data: The images.
        versions: Of Python and the packages it was made with, by name.
        started: When, in UTC as ISO 8601.
        ended: The same.
        best_epoch: As it was when run.json was written, counted from 1.
        validation_accuracy: After that epoch, 0–1.
        recorded_epochs: The epochs that epochs.npz answers to; `None` for all of the history.
        measured_validation: Of an imported run, validation accuracy after each of these, 0–1.
        validation_from: Where the history's validation comes from: a `log`, or the `models`.
        imported: How it was imported; `None` for one that was trained here.
    """

    state: State = "finished"
    recipe: str = ""
    parameters: int | None = None
    test_accuracy: float | None = None
    output: Output = "probabilities"
    n_classes: int = 10
    seed: int | None = None
    hyperparameters: Hyperparameters = Hyperparameters()
    data: DataRecord = DataRecord()
    versions: Mapping[str, str] = field(default_factory=dict)
    started: str | None = None
    ended: str | None = None
    best_epoch: int | None = None
    validation_accuracy: float | None = None
    recorded_epochs: tuple[int, ...] | None = None
    measured_validation: tuple[float, ...] = ()
    validation_from: str | None = None
    imported: ImportRecord | None = None


def read_details(folder: Path) -> Details:
    """Read run.json.

    Raises:
        FileRefusedError: It is no regular file, leads elsewhere, or is too large.
        OSError: It cannot be read.
        ValueError: It is not what MNIST Lens writes; says what is wrong.
        RecursionError: It is nested too deeply.
    """
    return details_of(read_json(folder))


def read_json(folder: Path) -> dict[str, Any]:
    """The object in run.json as it is, unchecked; raises as `read_details`."""
    content = json.loads(safe_files.read_bytes(folder / "run.json", most_bytes=MOST_BYTES))
    if not isinstance(content, dict):
        raise ValueError("run.json should hold an object")
    return content


def write_details(folder: Path, details: Mapping[str, Any]) -> None:
    """Write run.json, whole or not at all."""
    atomic.write_text(folder / "run.json", json.dumps(details, indent=2) + "\n")


def details_of(written: Mapping[str, object]) -> Details:
    """Check the object in run.json.

    Raises:
        ValueError: A value is missing or of another kind.
    """
    needed = [name for name in _NEEDED if name not in written]
    if needed:
        raise ValueError(f"{needed[0]} is missing")
    return Details(**_taken(written, _DETAILS))


_NEEDED = ("state", "recipe", "parameters", "test_accuracy")

_HYPERPARAMETERS: Mapping[str, checked.Check] = {
    "loss": optional(text),
    "optimizer": text,
    "peak_learning_rate": optional(number(0, 1e6)),
    "penalty": optional(text),
    "batch_size": optional(whole(1, _LARGE)),
    "max_epochs": optional(whole(1, _LARGE)),
    "patience": optional(whole(0, _LARGE)),
    "augmentation": optional(by_name(number(-1e6, 1e6))),
}

_DATA: Mapping[str, checked.Check] = {
    "name": text,
    "source": text,
    "sizes": by_name(whole(0, _LARGE)),
    "fingerprints": by_name(text),
}

_IMPORTED: Mapping[str, checked.Check] = {
    "from": text,
    "files": by_name(text),
    "input_scale": text,
    "ended_in": text,
    "log": optional(text),
    "notes": listed(text),
    "left_out": listed(text),
}


def _taken(
    written: Mapping[str, object], checks: Mapping[str, checked.Check], *, within: str = ""
) -> dict[str, Any]:
    """What is written of each name that has a check."""
    return {
        name: check(written[name], f"{within}{name}")
        for name, check in checks.items()
        if name in written
    }


def _hyperparameters(value: object, name: str) -> Hyperparameters:
    taken = _taken(checked.record(value, name), _HYPERPARAMETERS, within=f"{name}.")
    return Hyperparameters(**taken)


def _data(value: object, name: str) -> DataRecord:
    return DataRecord(**_taken(checked.record(value, name), _DATA, within=f"{name}."))


def _imported(value: object, name: str) -> ImportRecord:
    taken = _taken(checked.record(value, name), _IMPORTED, within=f"{name}.")
    return ImportRecord(source=taken.pop("from", ""), **taken)


_DETAILS: Mapping[str, checked.Check] = {
    "state": one_of(tuple(state for state in get_args(State) if state != "refused")),
    "recipe": text,
    "parameters": optional(whole(0, _LARGE)),
    "test_accuracy": optional(share),
    "output": one_of(get_args(Output)),
    "n_classes": whole(2, 256),
    "seed": optional(whole(0, 2**32 - 1)),
    "hyperparameters": _hyperparameters,
    "data": _data,
    "versions": by_name(text),
    "started": optional(text),
    "ended": optional(text),
    "best_epoch": optional(whole(1, MOST_EPOCHS)),
    "validation_accuracy": optional(share),
    "recorded_epochs": optional(listed(whole(1, MOST_EPOCHS))),
    "measured_validation": listed(share),
    "validation_from": optional(text),
    "imported": optional(_imported),
}
