"""`mnist-lens data`: which data is in use."""

from __future__ import annotations

from typing import Annotated

import typer

from mnist_core import settings
from mnist_core.commands.options import AsJson, MaxDataGb
from mnist_core.commands.output import print_json
from mnist_core.errors import MnistLensError


def data(
    fetch: Annotated[bool, typer.Option(help="Download MNIST first if it is missing.")] = False,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Show which data is in use."""
    from mnist_core.datasets import data_names, load_dataset

    if fetch and settings.data_source() is None and "test" not in load_dataset("mnist").splits:
        _fetch_mnist()
    loaded = [load_dataset(name, max_gb=max_data_gb) for name in data_names()]
    if as_json:
        print_json(
            [
                {
                    "name": dataset.name,
                    "source": dataset.source,
                    "splits": {
                        name: {"n": len(split), "fingerprint": split.fingerprint}
                        for name, split in dataset.splits.items()
                    },
                }
                for dataset in loaded
            ]
        )
        return
    for dataset in loaded:
        sizes = ", ".join(f"{name} {len(split):,}" for name, split in dataset.splits.items())
        print(f"{dataset.name}: {sizes}; from {dataset.source}")


def _fetch_mnist() -> None:
    from mnist_core.datasets import download

    print("Downloading MNIST (11 MB, at most a minute) …", flush=True)
    try:
        download.fetch(settings.keras_data_file())
    except MnistLensError as error:
        print(f"{error} Using the embedded digits instead.")
