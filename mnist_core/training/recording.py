"""`Recorder`: writes a training into its run's folder, epoch by epoch, so that it can go on."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from mnist_core import runs
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Dataset
from mnist_core.errors import RunError
from mnist_core.files import atomic, safe_files, zip_files
from mnist_core.files.damage import READING_ERRORS, complaint
from mnist_core.inference.prediction import compile_for_prediction, predict_in_batches
from mnist_core.recipes import Recipe
from mnist_core.runs import EpochRecord
from mnist_core.training.learners import Learner, learner_of
from mnist_core.training.progress import Clock, Progress

_RESUME_FILE = ".resume.npz"
_MOST_BYTES, _MOST_ARRAYS = 500_000_000, 10_000
"""Of the resume file: more than any model that can be opened has, with its optimizer's state."""


class Recorder:
    """One training under way, and what has been recorded of it so far.

    The resume file is the single source of truth: it holds the history too, and is written after
    the epoch's model and answers, before history.csv and run.json, which follow from it. What lies
    beside it from a later, unfinished epoch is written anew.
    """

    def __init__(
        self,
        recipe: Recipe,
        dataset: Dataset,
        *,
        folder: Path,
        seed: int,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.recipe, self.dataset, self.folder, self.seed = recipe, dataset, folder, seed
        self.on_progress = on_progress
        self.history: list[EpochRecord] = []
        self.answers: dict[str, list[np.ndarray]] = {}

    def run(self) -> None:
        """Train to the end, or raise with the run left `stopped` and resumable."""
        self.learner: Learner = learner_of(self.recipe, self.dataset.split("train"), seed=self.seed)
        self.predict = compile_for_prediction(self.learner.model)
        try:
            self._remove_parts()
            self._restore()
            parameters = self.learner.model.count_params()
            self._update_details(state="training", ended=None, parameters=parameters)
            if not self._is_done():
                self.clock = Clock(
                    self.learner.steps,
                    self.recipe.max_epochs,
                    first_epoch=len(self.history) + 1,
                )
                self.learner.fit(done=len(self.history), watch=self)
            self._update_details(state="finished", ended=now())
        except OSError as error:
            with suppress(OSError):  # on a full disk there is no room for this either
                self._update_details(state="stopped", ended=now())
            raise RunError(
                f"Expected to save the run {self.folder.name}. Received: {error.strerror}. Make "
                "room or give permission, then go on with --resume."
            ) from error
        except BaseException:
            self._update_details(state="stopped", ended=now())
            raise
        (self.folder / _RESUME_FILE).unlink(missing_ok=True)

    def begin(self, epoch: int) -> None:
        """An epoch begins (see `Watch`)."""
        self.clock.begin(epoch)

    def step(self, step: int) -> None:
        """So many steps of the epoch are done (see `Watch`)."""
        self.on_progress(self.clock.progress(step))

    def end(self, epoch: int, *, loss: float, accuracy: float) -> bool:
        """Save the epoch and report it; is training over (see `Watch`)?"""
        self._record(epoch, loss=loss, accuracy=accuracy, seconds=self.clock.seconds())
        progress = self.clock.progress(self.learner.steps)
        self.on_progress(replace(progress, finished=self.history[-1]))
        return self._is_done()

    def _is_done(self) -> bool:
        if len(self.history) >= self.recipe.max_epochs:
            return True
        if self.recipe.patience is None or not self.history:
            return False
        accuracies = [record.validation_accuracy for record in self.history]
        epochs_since_best = len(accuracies) - 1 - accuracies.index(max(accuracies))
        return epochs_since_best >= self.recipe.patience

    def _record(self, epoch: int, *, loss: float, accuracy: float, seconds: float) -> None:
        validation = self._evaluate("validation")
        runs.add_answers(self.answers, "validation", validation)
        if "test" in self.dataset.splits:
            runs.add_answers(self.answers, "test", self._evaluate("test"))
        self.history.append(
            EpochRecord(
                epoch=epoch,
                loss=round(loss, 6),
                accuracy=round(accuracy, 6),
                validation_loss=round(float(validation.loss.mean()), 6),
                validation_accuracy=validation.accuracy,
                seconds=round(seconds, 2),
            )
        )
        with atomic.replacing(runs.checkpoint_path(self.folder, epoch)) as part:
            self.learner.model.save(part)
        runs.write_epoch_predictions(self.folder, self.answers)
        self._save_state()
        runs.write_history(self.folder, self.history)
        self._update_details(**self._best())

    def _evaluate(self, name: str) -> Answers:
        split = self.dataset.split(name)
        answered = predict_in_batches(self.predict, split.images)
        return evaluate(split.labels, answered, self.recipe.output)

    def _best(self) -> dict[str, Any]:
        best = self.history[(runs.best_of(self.history) or 1) - 1]
        test_accuracy = None
        if "test" in self.dataset.splits:
            predicted = self.answers["test_predicted"][best.epoch - 1]
            test_accuracy = float(np.mean(predicted == self.dataset.split("test").labels))
        return {
            "best_epoch": best.epoch,
            "validation_accuracy": best.validation_accuracy,
            "test_accuracy": test_accuracy,
        }

    def _save_state(self) -> None:
        history = json.dumps([asdict(record) for record in self.history])
        with atomic.replacing(self.folder / _RESUME_FILE) as part:
            state = self.learner.state()
            np.savez(part, allow_pickle=False, history=np.array(history), **state)

    def _restore(self) -> None:
        """Bring learner and records to where the resume file, if any, was written."""
        if not os.path.lexists(self.folder / _RESUME_FILE):
            return
        try:
            with safe_files.opened(self.folder / _RESUME_FILE, most_bytes=_MOST_BYTES) as file:
                zip_files.check(file, most_members=_MOST_ARRAYS, most_bytes=_MOST_BYTES)
                with np.load(file, allow_pickle=False) as stored:
                    self.history = [
                        EpochRecord(**record) for record in json.loads(str(stored["history"]))
                    ]
                    self.learner.restore(stored)
            self.answers = self._recorded_answers()
        except (*READING_ERRORS, KeyError) as error:
            raise RunError(
                f"Expected a {_RESUME_FILE} that can be read in {self.folder.name}. Received: a "
                f"damaged one ({complaint(error)}). Put an intact copy in its place, or train a "
                "new run."
            ) from error
        runs.write_history(self.folder, self.history)
        self._update_details(**self._best())

    def _recorded_answers(self) -> dict[str, list[np.ndarray]]:
        """By name in epochs.npz, of each epoch of the history.

        Raises:
            ValueError: It holds fewer epochs.
        """
        found: dict[str, list[np.ndarray]] = {}
        n_epochs = len(self.history)
        for split in (name for name in runs.RECORDED_SPLITS if name in self.dataset.splits):
            stored = runs.read_stored_answers(self.folder, split)
            if stored is None or len(stored.predicted) < n_epochs:
                raise ValueError(f"epochs.npz lacks epochs of {split}")
            found[f"{split}_predicted"] = list(stored.predicted[:n_epochs])
            found[f"{split}_confidence"] = list(stored.confidence[:n_epochs])
        return found

    def _update_details(self, **changed: object) -> None:
        details = runs.read_json(self.folder)
        runs.write_details(self.folder, details | changed)

    def _remove_parts(self) -> None:
        """Remove what a killed process was writing."""
        for part in self.folder.glob(".*"):
            if part.name not in (".lock", _RESUME_FILE):
                part.unlink()


def provenance(dataset: Dataset) -> dict[str, Any]:
    """What run.json says of where a run comes from: its data and the versions of its tools."""
    packages = ("keras", "tensorflow", "numpy")
    return {
        "data": {
            "name": dataset.name,
            "source": dataset.source,
            "sizes": dict(dataset.outline.sizes),
            "fingerprints": dataset.fingerprints,
        },
        "versions": {"python": platform.python_version()}
        | {package: importlib.metadata.version(package) for package in packages},
    }


def now() -> str:
    """The time in UTC, to the second, as run.json gives it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
