"""Makes a run of models that were trained elsewhere, and of the log of their training."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from mnist_core import runs
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Dataset, Split, load_dataset
from mnist_core.errors import CheckpointError, MnistLensError, RunError
from mnist_core.files import atomic
from mnist_core.importing.epochs import by_epoch
from mnist_core.importing.foreign_models import (
    SCALES,
    ForeignModel,
    adapted,
    ends_in_logits,
    open_foreign,
    probabilities_of,
)
from mnist_core.importing.input_scale import TRIED_IMAGES, choose_scale
from mnist_core.importing.source_folder import check_source
from mnist_core.importing.takeover import becoming
from mnist_core.importing.training_logs import read_csv_log, read_event_files
from mnist_core.runs import EpochRecord, Run
from mnist_core.runs.folders import model_files_in
from mnist_core.training.recording import now, provenance

History = tuple[EpochRecord, ...]
Progress = Callable[[int, int], None]

_NOTHING = EpochRecord(0, math.nan, math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Imported:
    """What an import made.

    Attributes:
        run: The new run.
        notes: A sentence on each choice that was made.
        left_out: A sentence on each file that does not fit.
    """

    run: Run
    notes: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass
class _Findings:
    """What is known of the models: of all, as the last one says, and so far by epoch."""

    logits: bool
    n_classes: int
    scale: str
    parameters: int | None = None
    measured: dict[int, Answers] = field(default_factory=dict)
    test_accuracies: dict[int, float] = field(default_factory=dict)
    answers: dict[str, list[np.ndarray]] = field(default_factory=dict)


def import_run(
    source: Path,
    dataset: Dataset,
    *,
    models: Path,
    name: str | None = None,
    input_scale: str | None = None,
    trust: bool = False,
    on_progress: Progress = lambda done, total: None,
    new: Path | None = None,
) -> Imported:
    """Make a run of the models in a folder.

    A folder that lies in the models folder under the run's name moves into the run, as `originals`.
    What the models answer to the validation and test split is recorded; of these answers, and not
    of a log's, the best epoch follows.

    Args:
        source: A folder of `.keras` and `.h5` files and SavedModels, or one of these; beside them
            may lie one file of Keras's CSVLogger (`.csv`), or TensorBoard's event files.
        dataset: Needs the split `validation`; `test` is recorded where it exists.
        models: The models folder.
        name: Of the run; else that of `source`.
        input_scale: A name in `SCALES`; else the one with which the last model answers best on
            validation.
        trust: Whether SavedModels, which are programs, may be run.
        on_progress: Called with models done and models in all.
        new: A hidden folder beside the run's to fill meanwhile, if its name matters.

    Raises:
        DatasetError: The data set has no validation split.
        RunError: There is no model that fits, the name is taken, or the folder cannot be written.
    """
    validation = dataset.split("validation")
    recorded = {name: s for name, s in dataset.splits.items() if name in runs.RECORDED_SPLITS}
    dataset = replace(dataset, splits=recorded)
    name = name or _plain_name(source)
    folder = _target(source, models, name, input_scale)
    check_source(source)
    numbered, left_out = _try_all(source, trust)
    log, log_name = _read_log(source, left_out)
    chosen, unnumbered = by_epoch(numbered, n_logged=len(log)) if numbered else ({}, [])
    left_out += unnumbered
    findings, notes = _choose(chosen, validation, input_scale, trust, left_out)
    with becoming(folder, originals=source if folder.exists() else None, new=new) as filled:
        _record_all(filled, chosen, dataset, findings, trust, left_out, on_progress)
        details = {
            "name": name,
            **_details(filled, dataset, log, findings),
            "imported": {
                "from": source.name,
                "files": {str(epoch): path.name for epoch, path in sorted(chosen.items())},
                "input_scale": findings.scale,
                "ended_in": "logits" if findings.logits else "softmax",
                "log": log_name,
                "notes": notes,
                "left_out": left_out,
            },
        }
        runs.write_details(filled, details)
    return Imported(runs.read_run(models, name), tuple(notes), tuple(left_out))


def import_dropped(
    folder: Path,
    *,
    new: Path | None = None,
    on_progress: Progress = lambda done, total: None,
) -> Imported:
    """Make a run of a folder in the models folder, in its place, on the data set `mnist`.

    Raises:
        RunError: As `import_run`; SavedModels are not run.
    """
    return import_run(
        folder,
        load_dataset("mnist"),
        models=folder.parent,
        name=folder.name,
        new=new,
        on_progress=on_progress,
    )


def is_importable(folder: Path) -> bool:
    """Whether a folder holds models, but is no run yet and has a name that a run can have.

    A link does not count: moving it would leave a run that leads elsewhere.
    """
    if not runs.NAME_PATTERN.fullmatch(folder.name) or folder.is_symlink():
        return False
    if os.path.lexists(folder / "run.json"):
        return False
    try:
        return folder.is_dir() and bool(model_files_in(folder))
    except OSError:
        return False  # it has gone, or may not be looked into


def _target(source: Path, models: Path, name: str, input_scale: str | None) -> Path:
    """The folder that the run will have, once it is certain that it may be made."""
    if input_scale is not None and input_scale not in SCALES:
        raise RunError(
            f"Expected one of the scales {', '.join(SCALES)}. Received: {input_scale!r}. Choose "
            "one of these, or leave it out to have it chosen."
        )
    if not source.exists():
        raise RunError(
            f"Expected a folder with models, or a model file. Received: {source}, which does not "
            "exist. Check the path."
        )
    folder = runs.run_folder(models, name)
    if folder.is_symlink():
        raise RunError(f"Expected a folder. Received: {name}, a link. Import what it leads to.")
    is_dropped = folder.resolve() == source.resolve() and not (folder / "run.json").exists()
    if folder.exists() and not is_dropped:
        raise RunError(f"Expected a new name. Received: {name}, which exists. Choose another.")
    return folder


def _try_all(source: Path, trust: bool) -> tuple[list[Path], list[str]]:
    """The files that can be opened; never more than one of their models is in memory."""
    opened, left_out = [], []
    for path in model_files_in(source):
        try:
            open_foreign(path, trust=trust)
            opened.append(path)
        except MnistLensError as error:
            left_out.append(f"{path.name}: {error}")
    return opened, left_out


def _read_log(source: Path, left_out: list[str]) -> tuple[History, str | None]:
    if not source.is_dir():
        return (), None
    for path in sorted(source.glob("*.csv")):
        try:
            return read_csv_log(path), path.name
        except RunError as error:
            left_out.append(f"{path.name}: {error}")
    try:
        records = read_event_files(source)
    except RunError as error:
        left_out.append(f"Event files: {error}")
        return (), None
    return records, "TensorBoard's event files" if records else None


def _choose(
    chosen: dict[int, Path],
    validation: Split,
    input_scale: str | None,
    trust: bool,
    left_out: list[str],
) -> tuple[_Findings, list[str]]:
    """Find out how the input is scaled, by the last model that answers as it should."""
    for epoch in sorted(chosen, reverse=True):
        try:
            model = open_foreign(chosen[epoch], trust=trust)
            scale, logits, notes = choose_scale(model, validation, input_scale)
            n_classes = model.answer(validation.images[:1], scale).shape[1]
        except MnistLensError as error:
            left_out.append(f"{chosen.pop(epoch).name}: {error}")
            continue
        epochs = ", ".join(f"{chosen[e].name} as epoch {e}" for e in sorted(chosen))
        return _Findings(logits, n_classes, scale), [f"Taken: {epochs}.", *notes]
    raise _none_fits(left_out)


def _none_fits(left_out: Sequence[str]) -> RunError:
    reasons = " ".join(left_out) or "none."
    return RunError(f"Expected one or more model files that fit. Received: {reasons}")


def _record_all(
    new: Path,
    chosen: dict[int, Path],
    dataset: Dataset,
    findings: _Findings,
    trust: bool,
    left_out: list[str],
    on_progress: Progress,
) -> None:
    """Write every model and its answers; one whose answers cannot be used is left out."""
    n_models = len(chosen)
    for done, (epoch, path) in enumerate(sorted(chosen.items())):
        on_progress(done, n_models)
        try:
            model = open_foreign(path, trust=trust)
            evaluations = {
                name: _evaluate(model, split, findings) for name, split in dataset.splits.items()
            }
        except MnistLensError as error:
            left_out.append(f"{chosen.pop(epoch).name}: {error}")
            continue
        for name, evaluation in evaluations.items():
            runs.add_answers(findings.answers, name, evaluation)
        findings.parameters = model.parameters
        findings.measured[epoch] = evaluations["validation"]
        if "test" in evaluations:
            findings.test_accuracies[epoch] = evaluations["test"].accuracy
        if model.model is not None:
            with atomic.replacing(runs.checkpoint_path(new, epoch)) as part:
                adapted(model, findings.scale, logits=findings.logits).save(part)
    if not findings.measured:
        raise _none_fits(left_out)
    on_progress(n_models, n_models)
    runs.write_epoch_predictions(new, findings.answers)


def _evaluate(model: ForeignModel, split: Split, findings: _Findings) -> Answers:
    answers = model.answer(split.images, findings.scale)
    logits = ends_in_logits(answers[:TRIED_IMAGES], model.path)
    expected = _ending(findings.logits, findings.n_classes)
    received = _ending(logits, answers.shape[1])
    if received != expected:
        raise CheckpointError(
            f"Expected {expected} from {model.path.name}, as from the model of the last epoch. "
            f"Received: {received}. Import it as a run of its own."
        )
    return evaluate(split.labels, probabilities_of(answers, logits=findings.logits))


def _ending(logits: bool, n_classes: int) -> str:
    return f"{'logits' if logits else 'probabilities'} of {n_classes} classes"


def _details(
    new: Path,
    dataset: Dataset,
    log: History,
    findings: _Findings,
) -> dict[str, Any]:
    """Write the history; returns what belongs into run.json."""
    history = _history(log, findings.measured)
    runs.write_history(new, history)
    measured = {epoch: found.accuracy for epoch, found in findings.measured.items()}
    best = max(measured, key=lambda epoch: (measured[epoch], -epoch))
    return {
        "recipe": "",
        "parameters": findings.parameters,
        "n_classes": findings.n_classes,
        "output": "probabilities",
        **provenance(dataset),
        "started": now(),
        "ended": now(),
        "state": "imported",
        "recorded_epochs": sorted(measured),
        "measured_validation": [measured[epoch] for epoch in sorted(measured)],
        "validation_from": "log" if _has_validation(log) else "models",
        "best_epoch": best,
        "validation_accuracy": measured[best],
        "test_accuracy": findings.test_accuracies.get(best),
    }


def _history(log: Sequence[EpochRecord], measured: Mapping[int, Answers]) -> History:
    """The log, with validation as measured here where it has none; NaN for what is unknown."""
    logged = {record.epoch: record for record in log}
    found = []
    for epoch in range(1, max([*logged, *measured]) + 1):
        record = replace(logged.get(epoch, _NOTHING), epoch=epoch)
        if epoch in measured and not _has_validation(log):
            record = replace(
                record,
                validation_loss=round(float(measured[epoch].loss.mean()), 6),
                validation_accuracy=measured[epoch].accuracy,
            )
        found.append(record)
    return tuple(found)


def _has_validation(log: Sequence[EpochRecord]) -> bool:
    return any(not math.isnan(record.validation_accuracy) for record in log)


def _plain_name(source: Path) -> str:
    """A name that a run can have, as near as possible to a file's or folder's."""
    name = source.stem if source.is_file() else source.name
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-")[:64] or "imported"
