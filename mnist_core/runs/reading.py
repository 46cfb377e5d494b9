"""Runs read from the models folder, and what keeps some from being read."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from mnist_core.errors import RunError
from mnist_core.formatting import visible
from mnist_core.runs.details import Details, State, read_details
from mnist_core.runs.folders import model_files_in, run_folder, run_folders
from mnist_core.runs.history import EpochRecord, read_history
from mnist_core.runs.lock import is_in_use
from mnist_core.runs.run import Run

MOST_FOLDERS = 5_000
MOST_NAMED = 50
"""Runs that an error names."""

_DAMAGE = (
    ValueError,
    RecursionError,  # JSON within JSON within JSON
    csv.Error,
)


def list_runs(models: Path) -> tuple[Run, ...]:
    """All runs in a models folder by name; what cannot be read has state `refused` and a reason.

    Of more than 5,000 folders those with a run.json come before the others; the last entry then
    says how many are left out.

    Raises:
        RunError: The models folder may not be read.
    """
    folders, n_left_out = _at_most(run_folders(models))
    found = [_read_or_refuse(models, folder) for folder in folders]
    if n_left_out:
        found.append(_left_out(models, n_left_out))
    return tuple(found)


def read_run(models: Path, name: str) -> Run:
    """Read one run.

    Raises:
        RunError: There is no such run, it is a link that leads out of the models folder, or its
            run.json or history.csv is damaged, may not be read, or is too large.
    """
    folder = run_folder(models, name)
    if not folder.is_dir():
        names = ", ".join(run.name for run in list_runs(models)[:MOST_NAMED]) or "none yet"
        raise RunError(f"Expected a run in {models.name}/. Received: {name!r}; there are: {names}.")
    if not os.path.realpath(folder).startswith(os.path.join(os.path.realpath(models), "")):
        raise RunError(
            f"Expected a folder in {models.name}/. Received: {name}, a link that leads out of it. "
            "Put the folder itself there, or name the one it lies in in MNIST_LENS_MODELS."
        )
    try:
        return _read(folder)
    except FileNotFoundError as error:
        raise RunError(_missing(folder, Path(error.filename).name)) from error
    except PermissionError as error:
        raise RunError(
            f"Expected to read the run {name}. Received: {error.strerror} for "
            f"{Path(error.filename).name}. Give the user that runs MNIST Lens the right to read "
            "the folder and its files."
        ) from error
    except OSError as error:
        raise RunError(
            f"Expected to read the run {name}. Received: {error.strerror}. Try again, or see "
            "whether the disk is intact."
        ) from error
    except _DAMAGE as error:
        raise RunError(
            f"Expected a run.json and a history.csv of MNIST Lens in {name}. Received: damaged "
            f"ones ({str(error)[:200]}). Put intact copies in their place, or train a new run."
        ) from error


def _read(folder: Path) -> Run:
    os.lstat(folder / "run.json")  # the fastest way to find that it is missing
    details = read_details(folder)
    state: State = details.state
    if state == "training" and not is_in_use(folder):
        state = "stopped"
    history = read_history(folder)
    recorded = _recorded_epochs(details, history)
    measured = details.measured_validation
    if measured and len(measured) != len(recorded):
        raise ValueError(f"{len(measured)} accuracies of {len(recorded)} recorded epochs")
    return Run(
        name=folder.name,
        folder=folder,
        state=state,
        recipe=details.recipe,
        parameters=details.parameters,
        output=details.output,
        history=history,
        test_accuracy=details.test_accuracy,
        recorded_epochs=recorded,
        measured=dict(zip(recorded, measured, strict=True)) if measured else {},
        fingerprints=details.data.fingerprints,
        n_classes=details.n_classes,
        details=details,
    )


def _recorded_epochs(details: Details, history: Sequence[EpochRecord]) -> tuple[int, ...]:
    """The epochs that run.json lists, all of the history where it lists none."""
    listed = details.recorded_epochs
    if listed is None:
        return tuple(record.epoch for record in history)
    if list(listed) != sorted(set(listed)) or (listed and listed[-1] > len(history)):
        raise ValueError(f"recorded epochs {list(listed[:20])} of {len(history)}")
    return listed


def _read_or_refuse(models: Path, folder: Path) -> Run:
    try:
        return read_run(models, folder.name)
    except RunError as error:
        name = visible(folder.name)
        return Run(name, folder, "refused", reason=visible(str(error)))


def _at_most(folders: Sequence[Path]) -> tuple[list[Path], int]:
    """At most 5,000 folders by name, one fewer if some are left out, and the number of these."""
    if len(folders) <= MOST_FOLDERS:
        return list(folders), 0
    runs_first = sorted(folders, key=lambda folder: not os.path.lexists(folder / "run.json"))
    kept = MOST_FOLDERS - 1
    return sorted(runs_first[:kept]), len(folders) - kept


def _left_out(models: Path, n_folders: int) -> Run:
    reason = (
        f"Expected at most {MOST_FOLDERS:,} folders in {models.name}/. Received: {n_folders:,} "
        "beyond those listed. Move what is not a run elsewhere."
    )
    name = f"… {n_folders:,} more folders"
    return Run(name, models / name, "refused", reason=reason)


def _missing(folder: Path, file: str) -> str:
    if file == "run.json" and _holds_models(folder):
        return (
            f"Expected the file run.json in the run {folder.name}. Received: only models. Make a "
            f"run of them: mnist-lens import {folder.parent.name}/{folder.name}"
        )
    return (
        f"Expected the file {file} in the run {folder.name}. Received: it is not there. Put it "
        "back, or move what is not a run elsewhere."
    )


def _holds_models(folder: Path) -> bool:
    try:
        # Most folders that are no run are empty, and there may be thousands.
        return bool(os.listdir(folder)) and bool(model_files_in(folder))
    except OSError:
        return False  # it has gone, or may not be looked into
