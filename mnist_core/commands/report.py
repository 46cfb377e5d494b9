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
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Write the results of all runs, beside the published figures, as a document."""
    from mnist_core.datasets import load_dataset
    from mnist_core.files import atomic
    from mnist_core.results import SPLITS, as_markdown, results
    from mnist_core.runs import list_runs

    dataset = load_dataset(data, max_gb=max_data_gb)
    for split in SPLITS:
        dataset.split(split)
    quiet.import_keras()
    runs = list_runs(settings.models_folder())
    found = results(
        runs,
        dataset,
        settings.cache_folder(),
        on_progress=lambda name: print(f"Evaluating {name} …", file=sys.stderr),
    )
    if not found:
        raise RunError("Expected runs with models. Received: none. Train one, or import one.")
    text = as_markdown(found, runs, dataset)
    if to is None:
        print(text, end="")
        return
    try:
        atomic.write_text(to, text)
    except OSError as error:
        raise RunError(
            f"Expected a file that can be written. Received: {to} ({error.strerror}). Name another."
        ) from error
