"""Runs read from the models folder, and what keeps some from being read."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from mnist_core.errors import RunError
from mnist_core.evaluation import Output
from mnist_core.model_files import model_files_in
from mnist_core.runs.folders import run_folder
from mnist_core.runs.history import EpochRecord, read_history
from mnist_core.runs.lock import is_in_use
from mnist_core.runs.run import Run, State

_DAMAGED_DETAILS = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,  # a number that is infinite
    RecursionError,  # JSON within JSON within JSON
    csv.Error,
)


def list_runs(models: Path) -> tuple[Run, ...]:
    """All runs in a models folder by name; what cannot be read has state `refused` and a reason."""
    if not models.is_dir():
        return ()
    folders = sorted(entry for entry in models.iterdir() if entry.is_dir())
    runs = []
    for folder in folders:
        if folder.name.startswith("."):
            continue
        try:
            runs.append(read_run(models, folder.name))
        except RunError as error:
            runs.append(Run(folder.name, folder, "refused", reason=str(error)))
    return tuple(runs)


def read_run(models: Path, name: str) -> Run:
    """Read one run.

    Raises:
        RunError: There is no such run, or its run.json or history.csv is damaged.
    """
    folder = run_folder(models, name)
    if not folder.is_dir():
        names = ", ".join(run.name for run in list_runs(models)) or "none yet"
        raise RunError(f"Expected a run in {models.name}/. Received: {name!r}; there are: {names}.")
    try:
        details = json.loads((folder / "run.json").read_text())
        state = details["state"]
        if state not in get_args(State):
            raise ValueError(f"state {state!r}")
        if state == "training" and not is_in_use(folder):
            state = "stopped"
        history = read_history(folder)
        recorded = _epochs_in(details.get("recorded_epochs"), history)
        measured = [float(share) for share in details.get("measured_validation", ())]
        return Run(
            name=name,
            folder=folder,
            state=state,
            recipe=str(details["recipe"]),
            parameters=_count_or_none(details["parameters"]),
            output=_output(details.get("output", "probabilities")),
            history=history,
            test_accuracy=_share_or_none(details["test_accuracy"]),
            recorded_epochs=recorded,
            measured=dict(zip(recorded, measured, strict=True)) if measured else {},
            fingerprints=dict(details.get("data", {}).get("fingerprints", {})),
            n_classes=int(details.get("n_classes", 10)),
            details=MappingProxyType(details),
        )
    except FileNotFoundError as error:
        if model_files_in(folder) and not (folder / "run.json").exists():
            raise RunError(
                f"Expected the file run.json in the run {name}. Received: models alone. Make a run "
                f"of them: mnist-lens import {models.name}/{name}"
            ) from error
        raise RunError(
            f"Expected the file {Path(error.filename).name} in the run {name}. Received: it is not "
            "there. Remove the folder, or train the run again."
        ) from error
    except _DAMAGED_DETAILS as error:
        raise RunError(
            f"Expected a run.json and a history.csv of MNIST Lens in {name}. Received: damaged "
            f"ones ({error}). Remove the folder, or train the run again."
        ) from error


def _epochs_in(listed: object, history: Sequence[EpochRecord]) -> tuple[int, ...]:
    """The epochs that a list names, all of the history without one."""
    epochs = tuple(record.epoch for record in history)
    if listed is None:
        return epochs
    named = tuple(int(epoch) for epoch in listed)  # type: ignore[attr-defined]
    if not set(named) <= set(epochs):
        raise ValueError(f"recorded epochs {named[:20]}")
    return named


def _output(value: object) -> Output:
    for known in get_args(Output):
        if value == known:
            return known
    raise ValueError(f"output {value!r}")


def _count_or_none(value: object) -> int | None:
    return None if value is None else int(value)  # type: ignore[call-overload]


def _share_or_none(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
