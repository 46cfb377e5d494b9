"""`mnist-lens report`: the results of all runs as a document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mnist_core import quiet, settings
from mnist_core.commands.options import Data, MaxDataGb
from mnist_core.errors import RunError


def report(
    to: Annotated[Path | None, typer.Option(help="File to write. Printed by default.")] = None,
    data: Data = "mnist",
    also: Annotated[
        list[str] | None,
        typer.Option(help="Another data set whose runs have a section; may be given again."),
    ] = None,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Write the results of all runs, beside the published figures, as a document."""
    from mnist_core.datasets import load_dataset
    from mnist_core.files import atomic
    from mnist_core.results import SPLITS, as_markdown, results
    from mnist_core.runs import list_runs

    datasets = [load_dataset(name, max_gb=max_data_gb) for name in (data, *(also or ()))]
    for dataset in datasets:
        for split in SPLITS:
            dataset.split(split)
    quiet.import_keras()
    runs, cache = list_runs(settings.models_folder()), settings.cache_folder()
    (dataset, found), *others = (
        (each, results(runs, each, cache, on_progress=_say)) for each in datasets
    )
    if not found:
        raise RunError("Expected runs with models. Received: none. Train one, or import one.")
    for other, its in others:
        if not its:
            raise RunError(
                f"Expected runs that learned on {other.name}. Received: none. Train one: "
                f"mnist-lens train cnn --data {other.name}."
            )
    text = as_markdown(found, runs, dataset, also=others)
    if to is None:
        print(text, end="")
        return
    try:
        atomic.write_text(to, text)
    except OSError as error:
        raise RunError(
            f"Expected a file that can be written. Received: {to} ({error.strerror}). Name another."
        ) from error


def _say(name: str) -> None:
    print(f"Evaluating {name} …", file=sys.stderr)
