"""`mnist-lens import`: models trained elsewhere become a run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mnist_core import quiet, settings
from mnist_core.commands.options import Data, MaxDataGb
from mnist_core.formatting import percent, visible
from mnist_core.inference.memory_limit import MOST_DATA, limited_data


def import_models(
    path: Annotated[Path, typer.Argument(help="Folder of models, or a single model file.")],
    name: Annotated[
        str | None, typer.Option(help="Name of the run. Defaults to the folder's.")
    ] = None,
    input_scale: Annotated[
        str | None,
        typer.Option(help="0-255, 0-1, -1-1 or standardised. Detected by default."),
    ] = None,
    trust: Annotated[bool, typer.Option(help="Allow SavedModels, which can run any code.")] = False,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Import models trained elsewhere (.keras, .h5 or SavedModel) as a run."""
    from mnist_core.datasets import load_dataset

    dataset, models = load_dataset(data, max_gb=max_data_gb), settings.models_folder()
    quiet.import_keras()
    from mnist_core.importing import import_run

    with limited_data(MOST_DATA + int(max_data_gb * 1e9)):
        imported = import_run(
            path,
            dataset,
            models=models,
            name=name,
            input_scale=input_scale,
            trust=trust,
            on_progress=lambda done, total: print(
                f"{done} of {total} models read …", file=sys.stderr
            ),
        )
    for sentence in (*imported.notes, *(f"Left out: {line}" for line in imported.left_out)):
        print(visible(sentence))
    run = imported.run
    print(
        f"{run.name}: {len(run.recorded_epochs)} of {len(run.history)} epochs, best epoch "
        f"{run.best_epoch or '–'}, validation {percent(run.validation_accuracy)}, "
        f"test {percent(run.test_accuracy)}"
    )
