"""`mnist-lens data`: which data is in use; data sets are added, removed, and searched for twins."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnist_core import settings
from mnist_core.commands.options import AsJson, MaxDataGb
from mnist_core.commands.output import print_json
from mnist_core.commands.twins import twins
from mnist_core.errors import MnistLensError
from mnist_core.formatting import visible

if TYPE_CHECKING:
    from mnist_core.datasets import Outline

_MOST_SAID = 20
"""Of pictures that could not be read; the others are counted."""

Listed = tuple["Outline", Mapping[str, str]]
"""A data set without its images, and the fingerprints of its splits."""

app = typer.Typer(invoke_without_command=True)


class As(StrEnum):
    """How pictures become 28×28."""

    DIGITS = "digits"
    PICTURES = "pictures"


@app.callback()
def data(
    context: typer.Context,
    fetch: Annotated[bool, typer.Option(help="Download MNIST first if it is missing.")] = False,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Show which data is in use; add and remove data sets."""
    if context.invoked_subcommand is not None:
        return
    if fetch:
        _fetch_mnist()
    listed = list(_listed(max_data_gb))
    if as_json:
        print_json([_as_object(*one) for one in listed])
        return
    for outline, _ in listed:
        print(_in_words(outline))


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Small letters, digits and dashes.")],
    source: Annotated[
        Path,
        typer.Argument(
            help="An .npz file in Keras's layout, a folder of IDX files, or a folder or zip "
            "archive of pictures in folders named by class: cat/1.png or train/cat/1.png."
        ),
    ],
    brought_as: Annotated[
        As | None,
        typer.Option(
            "--as",
            help="How pictures become 28×28: found, scaled and centred as digits, or by plain "
            "averaging as pictures. Defaults to pictures.",
        ),
    ] = None,
    class_names: Annotated[
        str | None, typer.Option(help="Names of the classes in their order, with commas.")
    ] = None,
    title: Annotated[str, typer.Option(help="Defaults to the name.")] = "",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Add a data set of your own, for all pages and commands."""
    from mnist_core.adding import add as add_data

    with _adding_progress() as report:
        added = add_data(
            name,
            source.expanduser(),
            pixels=None if brought_as is None else brought_as.value,
            class_names=tuple(class_names.split(",")) if class_names else (),
            title=title,
            max_gb=max_data_gb,
            report=report,
        )
    for reason in added.left_out[:_MOST_SAID]:
        print(f"mnist-lens: {visible(reason)}", file=sys.stderr)
    if len(added.left_out) > _MOST_SAID:
        left = len(added.left_out) - _MOST_SAID
        print(f"mnist-lens: {left:,} more could not be read.", file=sys.stderr)
    print(_in_words(added.outline))


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="Name of an added data set.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a data set that was added; runs and causes stay."""
    from mnist_core.datasets import added

    if not yes and added.is_added(name) and not _agreed(f"Remove the data set {name} for good?"):
        print("Nothing was removed.")
        sys.exit(1)
    added.remove(name)
    print(f"Removed {name}.")


app.command()(twins)


def _agreed(question: str) -> bool:
    try:
        return typer.confirm(question)
    except typer.Abort:  # nobody is there to answer
        print()
        return False


def _listed(max_data_gb: float) -> Iterator[Listed]:
    from mnist_core.datasets import DATASETS, added, load_dataset

    for name in DATASETS:
        dataset = load_dataset(name, max_gb=max_data_gb)
        yield dataset.outline, dataset.fingerprints
    for name in added.added_names():
        try:
            about = added.find(name)
        except MnistLensError as error:
            print(f"mnist-lens: {visible(str(error))}", file=sys.stderr)
            continue
        yield about.outline(name), about.fingerprints


def _as_object(outline: Outline, fingerprints: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": outline.name,
        "title": outline.title,
        "source": outline.source,
        "class_names": list(outline.class_names),
        "pixels": outline.pixels,
        "preparation": outline.preparation,
        "splits": {
            name: {"n": n, "fingerprint": fingerprints[name]} for name, n in outline.sizes.items()
        },
    }


def _in_words(outline: Outline) -> str:
    sizes = ", ".join(f"{name} {n:,}" for name, n in outline.sizes.items())
    return visible(f"{outline.name}: {sizes}; from {outline.source}")


@contextmanager
def _adding_progress() -> Iterator[Callable[[int, int], None]]:
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task("Reading …", total=None)
        yield lambda done, total: bar.update(
            task, completed=done, total=total, description=f"{done:,} of {total:,} pictures"
        )


def _fetch_mnist() -> None:
    from mnist_core.datasets import download, load_dataset

    if settings.data_source() is not None or "test" in load_dataset("mnist").splits:
        return
    print("Downloading MNIST (11 MB, at most a minute) …", flush=True)
    try:
        download.fetch(settings.keras_data_file())
    except MnistLensError as error:
        print(f"{error} Using the embedded digits instead.")
