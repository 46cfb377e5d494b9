"""Makes a run of models that were trained elsewhere, and of the log of their training."""

from __future__ import annotations

import importlib.metadata
import math
import platform
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mnist_core import atomic, runs
from mnist_core.datasets import Dataset, Split, load_dataset
from mnist_core.errors import CheckpointError, MnistLensError, RunError
from mnist_core.evaluation import Evaluation
from mnist_core.foreign_models import (
    SCALES,
    Answer,
    ForeignModel,
    adapted,
    ends_in_logits,
    open_foreign,
    probabilities_of,
)
from mnist_core.model_files import model_files_in
from mnist_core.recording import now
from mnist_core.runs import EpochRecord, Run
from mnist_core.training_logs import read_csv_log, read_event_files
from mnist_core.wording import percent

TRIED_IMAGES = 1_000
"""Validation images on which the scale of the input is chosen."""

EQUALLY_GOOD = 0.01
"""Difference of accuracy below which two scales count as equal; a linear model hardly has one."""

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


def import_run(
    source: Path,
    dataset: Dataset,
    *,
    models: Path,
    name: str | None = None,
    input_scale: str | None = None,
    trust: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Imported:
    """Make a run of the models in a folder.

    A folder that lies in the models folder under the run's name moves into the run, as `originals`.

    What its models answer to the validation and test split is recorded. The epoch of a model is the
    first number in its file's name; where the smallest is 0, all are counted one up. A model alone
    whose name has no number counts as the last epoch.

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

    Raises:
        DatasetError: The data set has no validation split.
        RunError: There is no model that fits, the name is taken, or the folder cannot be written.
    """
    dataset.split("validation")
    if input_scale is not None and input_scale not in SCALES:
        raise RunError(
            f"Expected one of the scales {', '.join(SCALES)}. Received: {input_scale!r}. Choose "
            "one of these, or leave it out to have it chosen."
        )
    name = name or _plain_name(source.stem if source.is_file() else source.name)
    folder = runs.run_folder(models, name)
    dropped = folder.resolve() == source.resolve()
    if folder.exists() and (not dropped or (folder / "run.json").exists()):
        raise RunError(f"Expected a new name. Received: {name}, which exists. Choose another.")
    opened, left_out = _open_all(source, trust=trust)
    if not opened:
        reasons = " ".join(left_out) or f"{source.name} holds none."
        raise RunError(f"Expected one or more model files that fit. Received: {reasons}")
    log, log_name = _read_log(source, left_out)
    by_epoch = _numbered(opened, left_out, n_logged=len(log))
    last = by_epoch[max(by_epoch)]
    scale, logits, notes = _choose_input(last, dataset.split("validation"), input_scale)
    told = {
        "from": source.name,
        "files": {str(epoch): model.path.name for epoch, model in sorted(by_epoch.items())},
        "input_scale": scale,
        "ended_in": "logits" if logits else "softmax",
        "log": log_name,
        "notes": notes,
        "left_out": left_out,
    }
    with _becoming(folder, originals=source if dropped else None) as new:
        details = _fill(new, by_epoch, dataset, log, scale, logits, on_progress)
        runs.write_details(new, {"name": name, **details, "imported": told})
    return Imported(runs.read_run(models, name), tuple(notes), tuple(left_out))


@contextmanager
def _becoming(folder: Path, *, originals: Path | None) -> Iterator[Path]:
    """Give a hidden folder to fill; it becomes `folder` if the block ends well, else it goes.

    What lies at `folder` before, if anything, are `originals`; they move into the new one.
    """
    new = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        new.mkdir(parents=True)
        yield new
        if originals is not None:
            originals.rename(new / "originals")
        new.rename(folder)
    except OSError as error:
        raise RunError(
            f"Expected a writable models folder. Received: {folder.parent.name}/ is not "
            f"({error.strerror}). Name another one in MNIST_LENS_MODELS."
        ) from error
    finally:
        if originals is not None and (new / "originals").exists():
            (new / "originals").rename(folder)
        shutil.rmtree(new, ignore_errors=True)


def import_dropped(folder: Path) -> Imported:
    """Make a run of a folder in the models folder, in its place, on the data set `mnist`.

    Raises:
        RunError: As `import_run`; SavedModels are not run.
    """
    return import_run(folder, load_dataset("mnist"), models=folder.parent)


def is_importable(folder: Path) -> bool:
    """Whether a folder holds models but is no run yet."""
    return not (folder / "run.json").exists() and bool(model_files_in(folder))


def _open_all(source: Path, *, trust: bool) -> tuple[list[ForeignModel], list[str]]:
    if not source.exists():
        raise RunError(
            f"Expected a folder with models, or a model file. Received: {source}, which does not "
            "exist. Check the path."
        )
    opened, left_out = [], []
    for path in model_files_in(source):
        try:
            opened.append(open_foreign(path, trust=trust))
        except MnistLensError as error:
            left_out.append(f"{path.name}: {error}")
    return opened, left_out


def _read_log(source: Path, left_out: list[str]) -> tuple[tuple[EpochRecord, ...], str | None]:
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
        left_out.append(str(error))
        return (), None
    return records, "TensorBoard's event files" if records else None


def _numbered(
    opened: list[ForeignModel], left_out: list[str], *, n_logged: int
) -> dict[int, ForeignModel]:
    """Models by epoch, counted from 1; adds to `left_out` what has no epoch of its own."""
    by_number: dict[int, ForeignModel] = {}
    without: list[ForeignModel] = []
    for model in opened:
        number = re.search(r"\d+", model.path.stem)
        if number is None:
            without.append(model)
            continue
        taken = by_number.setdefault(int(number[0]), model)
        if taken is not model:
            left_out.append(
                f"{model.path.name}: Expected one model of each epoch. Received: also "
                f"{taken.path.name}. Rename one of them."
            )
    if not by_number:
        by_number = {max(n_logged, 1): without.pop()}
    left_out += [
        f"{model.path.name}: Expected the epoch in the file's name. Received: none. Rename it, "
        f"e.g. epoch-07{model.path.suffix}."
        for model in without
    ]
    up = 1 if 0 in by_number else 0
    return {number + up: model for number, model in by_number.items()}


def _choose_input(
    model: ForeignModel, validation: Split, wanted: str | None
) -> tuple[str, bool, list[str]]:
    step = max(1, len(validation) // TRIED_IMAGES)  # a bit of every class
    images, labels = validation.images[::step], validation.labels[::step]
    found: dict[str, Evaluation] = {}
    reasons: list[CheckpointError] = []
    for scale in [wanted] if wanted else SCALES:
        answers = model.answer(images, scale)
        try:
            logits = ends_in_logits(answers, model.path)
        except CheckpointError as error:
            reasons.append(error)
            continue
        found[scale] = Evaluation(labels, probabilities_of(answers, logits=logits))
    if not found:
        raise reasons[0]
    best = max(evaluation.accuracy for evaluation in found.values())
    equal = [scale for scale in found if found[scale].accuracy > best - EQUALLY_GOOD]
    scale = min(equal, key=lambda scale: float(found[scale].loss.mean()))
    logits = ends_in_logits(model.answer(images, scale), model.path)
    notes = []
    if wanted is None:
        others = ", ".join(f"{name} {percent(found[name].accuracy)}" for name in found)
        notes.append(
            f"Input scale {scale} chosen by accuracy on {len(images):,} validation images "
            f"({others}); of equally good ones the one with the lowest loss."
        )
    if logits:
        notes.append("Its answers are logits: a softmax was added.")
    return scale, logits, notes


def _fill(
    folder: Path,
    by_epoch: dict[int, ForeignModel],
    dataset: Dataset,
    log: tuple[EpochRecord, ...],
    scale: str,
    logits: bool,
    on_progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Write models, answers and history; returns what belongs into run.json."""
    splits = {name: s for name, s in dataset.splits.items() if name in ("validation", "test")}
    recorded: dict[str, list[np.ndarray]] = {}
    measured: dict[int, Evaluation] = {}
    test_accuracies: dict[int, float] = {}
    for done, (epoch, model) in enumerate(sorted(by_epoch.items())):
        on_progress(done, len(by_epoch))
        for name, split in splits.items():
            evaluation = _evaluate(model.answer, split, scale, logits)
            recorded.setdefault(f"{name}_predicted", []).append(evaluation.y_pred.astype(np.uint8))
            recorded.setdefault(f"{name}_confidence", []).append(
                evaluation.confidence.astype(np.float16)
            )
            if name == "validation":
                measured[epoch] = evaluation
            else:
                test_accuracies[epoch] = evaluation.accuracy
        if model.model is not None:
            with atomic.replacing(runs.checkpoint_path(folder, epoch)) as part:
                adapted(model, scale, logits=logits).save(part)
    on_progress(len(by_epoch), len(by_epoch))
    history = _history(log, measured)
    with atomic.replacing(folder / "epochs.npz") as part:
        stacked = {name: np.stack(epochs) for name, epochs in recorded.items()}
        np.savez_compressed(part, allow_pickle=False, **stacked)
    runs.write_history(folder, history)
    best = runs.best_of(history)
    packages = ("keras", "tensorflow", "numpy")
    return {
        "recipe": "",
        "parameters": by_epoch[max(by_epoch)].parameters,
        "output": "probabilities",
        "data": {
            "name": dataset.name,
            "source": dataset.source,
            "sizes": {name: len(split) for name, split in splits.items()},
            "fingerprints": {name: split.fingerprint for name, split in splits.items()},
        },
        "versions": {"python": platform.python_version()}
        | {package: importlib.metadata.version(package) for package in packages},
        "started": now(),
        "ended": now(),
        "state": "imported",
        "recorded_epochs": sorted(by_epoch),
        "validation_from": "log" if _has_validation(log) else "models",
        "best_epoch": best,
        "validation_accuracy": None if best is None else history[best - 1].validation_accuracy,
        "test_accuracy": test_accuracies.get(best or 0),
    }


def _evaluate(answer: Answer, split: Split, scale: str, logits: bool) -> Evaluation:
    answers = answer(split.images, scale)
    return Evaluation(split.labels, probabilities_of(answers, logits=logits))


def _history(
    log: tuple[EpochRecord, ...], measured: dict[int, Evaluation]
) -> tuple[EpochRecord, ...]:
    """The log, with validation as measured here where it has none; NaN for what nobody knows."""
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


def _has_validation(log: tuple[EpochRecord, ...]) -> bool:
    return any(not math.isnan(record.validation_accuracy) for record in log)


def _plain_name(name: str) -> str:
    """A name that a run can have, as near as possible to a file's."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("._-")[:64] or "imported"
