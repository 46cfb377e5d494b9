"""`mnist-lens sets`: the named sets of images of a data set, out of and into a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnist_core import settings
from mnist_core.commands.options import AsJson, Data
from mnist_core.commands.output import print_json, print_table
from mnist_core.errors import FileRefusedError, SetError
from mnist_core.formatting import visible

if TYPE_CHECKING:
    from mnist_core.sets import ImageSet


def sets(
    data: Data = "mnist",
    export: Annotated[
        Path | None, typer.Option("--export", help="Write them to this file, as JSON.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--import", help="Keep the sets of this file, too.")
    ] = None,
    delete: Annotated[str | None, typer.Option(help="Delete the set of this name.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the named sets of images of a data set; `find --save` and the dashboard make them."""
    from mnist_core.sets import delete_set, keep_sets, kept_sets, read_json, to_json

    home = settings.home_folder()
    if file is not None:
        keep_sets(read_json(_content(file)), home)
    if delete is not None:
        delete_set(delete, data, home)
    found = kept_sets(data, home)
    for reason in found.refused.values():
        print(f"mnist-lens: {reason}", file=sys.stderr)
    if export is not None:
        _write(export, to_json(found.sets))
    if as_json:
        print_json([_as_object(one) for one in found.sets])
    elif found.sets:
        print_table(("set", "images"), [(one.name, _which(one)) for one in found.sets])
    else:
        print(f"No set of {data} yet. Make one: mnist-lens find 'wrong' --run RUN --save NAME")


def _which(one: ImageSet) -> str:
    if isinstance(one.images, str):
        return visible(one.images)
    return f"{len(one.images.positions):,} of {one.images.split}"


def _as_object(one: ImageSet) -> dict[str, object]:
    found: dict[str, object] = {"name": one.name, "data": one.data}
    if isinstance(one.images, str):
        return found | {"query": one.images}
    return found | {"split": one.images.split, "images": one.images.positions.tolist()}


def _content(file: Path) -> bytes:
    from mnist_core.files import safe_files
    from mnist_core.sets.sets_json import MOST_BYTES

    try:
        return safe_files.read_bytes(file, most_bytes=MOST_BYTES)
    except (OSError, FileRefusedError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise SetError(
            f"Expected a file of sets that can be read. Received: {file} ({said}). Name another."
        ) from error


def _write(file: Path, content: bytes) -> None:
    from mnist_core.files import atomic

    try:
        atomic.write_bytes(file, content)
    except OSError as error:
        raise SetError(
            f"Expected a file that can be written. Received: {file} ({error.strerror}). Name "
            "another."
        ) from error
