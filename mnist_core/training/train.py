"""Trains a recipe on a data set into a run that a kill at any moment leaves whole and resumable."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from mnist_core import runs
from mnist_core.datasets import Dataset
from mnist_core.errors import RecipeError, RunError
from mnist_core.recipes import Recipe, find_recipe
from mnist_core.recipes.augmentation import Augmentation
from mnist_core.runs import Run
from mnist_core.training.progress import Progress
from mnist_core.training.recording import Recorder, now, provenance

_HYPERPARAMETERS = (
    "optimizer",
    "peak_learning_rate",
    "penalty",
    "batch_size",
    "max_epochs",
    "patience",
)


def train(
    recipe: Recipe,
    dataset: Dataset,
    *,
    models: Path,
    name: str,
    seed: int = 0,
    max_epochs: int | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Run:
    """Train a new run from scratch.

    After each epoch the model, the answers to every validation and test image and a line of
    history are saved. The same seed gives the same history on the same machine.

    Args:
        recipe: What to train.
        dataset: Needs the splits `train` and `validation`; `test` is recorded where it exists.
        models: The models folder.
        name: Of the new run.
        seed: For the first weights, the order of the images and dropout. ≥ 0.
        max_epochs: In place of the recipe's.
        on_progress: Called several times a second.

    Raises:
        DatasetError: The data set lacks a split.
        RecipeError: `max_epochs` or `seed` is out of range.
        RunError: The name is taken or the folder cannot be written to.
    """
    dataset.split("train"), dataset.split("validation")
    if max_epochs is not None and max_epochs < 1:
        raise RecipeError(f"Expected one or more epochs. Received: {max_epochs}. Train for longer.")
    if not 0 <= seed < 2**32:
        raise RecipeError(f"Expected a seed from 0 to 2³²−1. Received: {seed}. Choose another.")
    recipe = replace(recipe, max_epochs=max_epochs or recipe.max_epochs)
    new = _create(models, name, _first_details(recipe, dataset, name=name, seed=seed))
    folder = runs.run_folder(models, name)
    # The lock goes along with the folder: the run is in use from the moment it can be seen.
    with runs.in_use(new):
        _show(new, folder)
        Recorder(recipe, dataset, folder=folder, seed=seed, on_progress=on_progress).run()
    return runs.read_run(models, name)


def resume(
    dataset: Dataset,
    *,
    models: Path,
    name: str,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Run:
    """Go on with a stopped run from its last whole epoch, to the result it would have had.

    Raises:
        RunError: There is no such run, it is finished or in use, or it was trained on other images.
    """
    run = runs.read_run(models, name)
    if run.state == "training":
        raise RunError(f"The run {name} is being trained by another process. Wait for it to end.")
    if run.state != "stopped":
        raise RunError(f"Expected a stopped run. Received: {name}, which is {run.state}.")
    if run.fingerprints != dataset.fingerprints:
        raise RunError(
            f"Expected the images that {name} was trained on ({run.details.data.source}). "
            f"Received: others ({dataset.source}). Name the same --data."
        )
    # As the run began, whatever the recipe of that name says today.
    recipe = _as_it_began(find_recipe(run.recipe), run)
    seed = run.details.seed or 0
    with runs.in_use(run.folder):
        Recorder(recipe, dataset, folder=run.folder, seed=seed, on_progress=on_progress).run()
    return runs.read_run(models, name)


def free_name(models: Path, wanted: str) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` … where that is taken."""
    name, number = wanted, 1
    while runs.run_folder(models, name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def newest_stopped_run(models: Path, recipe: str) -> Run:
    """The run of that recipe that was started last and can be resumed.

    Raises:
        RunError: There is none.
    """
    stopped = [r for r in runs.list_runs(models) if r.recipe == recipe and r.state == "stopped"]
    if not stopped:
        raise RunError(f"Expected a stopped run of {recipe} to resume. Received: there is none.")
    return max(stopped, key=lambda run: run.details.started or "")


def _create(models: Path, name: str, details: dict[str, Any]) -> Path:
    """Make a folder with a run's first files, hidden until it is renamed."""
    folder = runs.run_folder(models, name)
    if folder.exists():
        raise RunError(f"Expected a new name. Received: {name}, which exists. Choose another.")
    with runs.hidden_folder(folder) as new:
        runs.write_history(new, ())
        runs.write_details(new, details)
    return new


def _show(new: Path, folder: Path) -> None:
    """Give a new run its name, unless another process has just taken it."""
    try:
        new.rename(folder)
    except OSError as error:
        shutil.rmtree(new)
        raise RunError(
            f"Expected a new name. Received: {folder.name}, which has just been taken "
            f"({error.strerror}). Choose another."
        ) from error


def _first_details(recipe: Recipe, dataset: Dataset, *, name: str, seed: int) -> dict[str, Any]:
    return {
        "name": name,
        "recipe": recipe.name,
        "parameters": None,  # counted once the model has been built
        "n_classes": dataset.split("train").n_classes,
        "output": recipe.output,
        "hyperparameters": _hyperparameters(recipe),
        "seed": seed,
        **provenance(dataset),
        "started": now(),
        "ended": None,
        "state": "training",
        "best_epoch": None,
        "validation_accuracy": None,
        "test_accuracy": None,
    }


def _hyperparameters(recipe: Recipe) -> dict[str, Any]:
    hinge = recipe.output == "scores"
    changes = recipe.augmentation
    return {
        "loss": "hinge" if hinge else "sparse categorical cross-entropy",
        **{name: getattr(recipe, name) for name in _HYPERPARAMETERS},
        "augmentation": None if changes is None else asdict(changes),
    }


def _as_it_began(recipe: Recipe, run: Run) -> Recipe:
    """The recipe as a run's run.json has it.

    Raises:
        RunError: It does not say how the run was trained.
    """
    began = run.details.hyperparameters
    if began.batch_size is None or began.max_epochs is None or run.details.seed is None:
        raise RunError(
            f"Expected batch_size, max_epochs and seed in run.json of {run.name}. Received: not "
            "all of them. Train a new run."
        )
    changes = began.augmentation
    if changes is not None and not set(changes) <= {field.name for field in fields(Augmentation)}:
        raise RunError(
            f"Expected an augmentation in run.json of {run.name}. Received: "
            f"{', '.join(changes)[:200]}. Train a new run."
        )
    return replace(
        recipe,
        **{name: getattr(began, name) for name in _HYPERPARAMETERS},
        augmentation=None if changes is None else Augmentation(**changes),
    )
