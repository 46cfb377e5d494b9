"""`mnist-lens suspects`: labels that models doubt, asked of runs or by cross-validation."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import numpy as np
import typer

from mnist_core import quiet, settings
from mnist_core.commands.answered import predict_quietly
from mnist_core.commands.asking import images_of_set
from mnist_core.commands.checkpoints import chosen_split
from mnist_core.commands.options import AsJson, Data, MaxDataGb, Only, SplitName
from mnist_core.commands.output import print_json, print_table
from mnist_core.datasets import Dataset, Split, load_dataset
from mnist_core.errors import RunError
from mnist_core.runs import Run, list_runs, read_run
from mnist_core.suspects import (
    Suspects,
    cross_validation,
    find_suspects,
    named_witnesses,
    objection,
    rank_suspects,
    witnesses,
)
from mnist_core.suspects.cross_validation import FoldProgress, cross_validate, stored_folds


def suspects(
    run: Annotated[
        list[str] | None, typer.Option(help="Run to use, repeatable. Defaults to the best.")
    ] = None,
    split: SplitName = None,
    only: Only = None,
    top: Annotated[int, typer.Option(min=1, help="Number of labels to list.")] = 20,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Rank labels by how strongly models that did not train on the images doubt them."""
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
    among = None if only is None else images_of_set(only, dataset, images)[1]
    found = suspects_of(data, dataset, images, run)
    listed = (
        np.arange(len(found)) if among is None else np.flatnonzero(np.isin(found.indices, among))
    )
    columns = (found.indices, found.given, found.suggested, found.score)
    ranked = list(zip(*(column[listed[:top]].tolist() for column in columns), strict=True))
    keys = ("index", "given", "suggested", "score")
    if as_json:
        print_json([dict(zip(keys, row, strict=True)) for row in ranked])
        return
    rows = [(*map(str, labels), f"{score:.4f}") for *labels, score in ranked]
    print_table(keys, rows)


def suspects_of(
    data: str, dataset: Dataset, images: Split, names: Sequence[str] | None
) -> Suspects:
    """The labels of a split, ranked; standard error says by which models.

    Args:
        data: Name or path of the data set, as it was given.
        dataset: The data set.
        images: The split.
        names: Of the runs to ask; else the best on validation.

    Raises:
        RunError: There is no run that may be asked, or one of those named may not.
    """
    if images.name == "train":
        found, how = _cross_validated(data, images, names), ""
    else:
        found, how = _by_runs(data, images, names), " (the epochs were chosen on validation)"
    print(
        f"{dataset.title} {images.name}: {found.n_disputed:,} of {len(found):,} labels are "
        f"doubted by {', '.join(found.evidence)}{how}",
        file=sys.stderr,
    )
    return found


def _by_runs(data: str, split: Split, names: Sequence[str] | None) -> Suspects:
    models = settings.models_folder()
    if names:
        chosen = named_witnesses([read_run(models, name) for name in names], split)
    else:
        runs = list_runs(models)
        chosen = witnesses(runs, split)
        if not chosen:
            raise RunError(_nobody(runs, split, data))
    return find_suspects(chosen, split, settings.cache_folder(), predict=predict_quietly)


def _nobody(runs: Sequence[Run], split: Split, data: str) -> str:
    reasons = "; ".join(f"{run.name}: {objection(run, split)}" for run in runs) or "no run"
    return (
        f"Expected runs whose models did not see the {split.name} images in training. Received: "
        f"{reasons}. Train one: mnist-lens train simple-conv --data {shlex.quote(data)}"
    )


def _cross_validated(data: str, split: Split, names: Sequence[str] | None) -> Suspects:
    if names:
        raise RunError(
            "Expected --split train without --run: its images are cross-validated, since every "
            f"run was trained on them. Received: --run {names[0]}. Leave it out."
        )
    plan, cache = cross_validation.default_plan(split), settings.cache_folder()
    with _fold_progress() as on_progress:
        try:
            if len(stored_folds(plan, split, cache)) < plan.n_folds:
                quiet.import_keras()
            y_prob = cross_validate(plan, split, cache, on_progress=on_progress)
        except KeyboardInterrupt:
            n_kept = len(stored_folds(plan, split, cache))
            print(
                f"Stopped. {n_kept} of {plan.n_folds} folds are kept. Resume with: "
                f"mnist-lens suspects --split train --data {shlex.quote(data)}",
                file=sys.stderr,
            )
            sys.exit(130)
    return rank_suspects(split.labels, [y_prob], [f"cross-validation by {plan}"])


@contextmanager
def _fold_progress() -> Iterator[Callable[[FoldProgress], None]]:
    """A bar with the time left, on standard error: standard output may go to a program."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as ProgressBar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    console = Console(stderr=True)
    with ProgressBar(
        *columns, transient=True, console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("Starting …", total=1, left="")

        def show(progress: FoldProgress) -> None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            bar.update(
                task,
                description=f"Fold {progress.fold} of {progress.n_folds}",
                completed=progress.share,
                left=f"{minutes}:{seconds:02d} left",
            )

        yield show
