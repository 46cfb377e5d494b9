"""`mnist-lens train`: train a recipe, or resume a stopped run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from mnist_core import quiet, settings
from mnist_core.errors import RecipeError
from mnist_core.formatting import loss, percent

if TYPE_CHECKING:
    from mnist_core.runs import Run
    from mnist_core.training import Progress
from mnist_core.commands.options import Data, MaxDataGb


def train(
    recipe: Annotated[str, typer.Argument(help="Name of a recipe, e.g. simple-conv.")],
    name: Annotated[
        str | None, typer.Option(help="Name of the run. Defaults to the recipe's.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Maximum number of epochs. Defaults to the recipe's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Random seed. Defaults to 0.")] = None,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    resume: Annotated[bool, typer.Option(help="Resume a stopped run.")] = False,
) -> None:
    """Train a recipe and save it as a run in the models folder."""
    from mnist_core import training
    from mnist_core.datasets import load_dataset
    from mnist_core.recipes import find_recipe
    from mnist_core.runs import read_run
    from mnist_core.runs.learning_curves import verdict

    models = settings.models_folder()
    chosen = find_recipe(recipe)
    if resume and (epochs is not None or seed is not None):
        raise RecipeError(
            "Expected --resume alone: a run resumes with the epochs and the seed it started with. "
            "Received: --epochs or --seed. Leave them out, or train a new run."
        )
    dataset = load_dataset(data, max_gb=max_data_gb)
    quiet.import_keras()
    with _training_progress() as on_progress:
        try:
            if resume:
                name = name or training.newest_stopped_run(models, recipe).name
                _check_recipe(read_run(models, name), recipe)
                run = training.resume(dataset, models=models, name=name, on_progress=on_progress)
            else:
                name = name or training.free_name(models, recipe)
                run = training.train(
                    chosen,
                    dataset,
                    models=models,
                    name=name,
                    seed=seed or 0,
                    max_epochs=epochs,
                    on_progress=on_progress,
                )
        except KeyboardInterrupt:
            print(f"Stopped. Resume with: mnist-lens train {recipe} --resume --name {name}")
            sys.exit(130)
    print(
        f"{run.name}: best epoch {run.best_epoch} of {len(run.history)}, "
        f"validation {percent(run.validation_accuracy)}, test {percent(run.test_accuracy)}; "
        f"{verdict(run.history)}"
    )


def _check_recipe(run: Run, recipe: str) -> None:
    if run.recipe != recipe:
        raise RecipeError(
            f"Expected a run of {recipe}. Received: {run.name}, a run of {run.recipe}. Name the "
            "recipe it was trained with."
        )


@contextmanager
def _training_progress() -> Iterator[Callable[[Progress], None]]:
    """A bar with the time left, and a line for each epoch once it is saved."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as ProgressBar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    with ProgressBar(*columns, transient=True) as bar:
        task = bar.add_task("Starting …", total=None, left="")

        def show(progress: Progress) -> None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            bar.update(
                task,
                description=f"Epoch {progress.epoch} of at most {progress.max_epochs}",
                total=progress.max_epochs * progress.steps,
                completed=(progress.epoch - 1) * progress.steps + progress.step,
                left=f"at most {minutes}:{seconds:02d} left",
            )
            if record := progress.finished:
                bar.console.print(
                    f"Epoch {record.epoch}: loss {loss(record.loss)}, accuracy "
                    f"{percent(record.accuracy)}; validation loss {loss(record.validation_loss)}, "
                    f"accuracy {percent(record.validation_accuracy)}; {record.seconds:.1f} s",
                    highlight=False,
                    soft_wrap=True,
                )

        yield show
