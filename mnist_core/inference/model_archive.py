"""What a model file contains, read only once it is certain not to unpack into too much."""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mnist_core.files import zip_files
from mnist_core.inference.model_size import MOST_PARAMETERS

if TYPE_CHECKING:
    import h5py

MOST_BYTES_OF_DESCRIPTION = 5_000_000
MOST_BYTES = 16 * MOST_PARAMETERS
"""Four numbers for each parameter: its value, and what an optimizer remembers of it."""

MOST_BYTES_OF_FILE = MOST_BYTES + 2 * MOST_BYTES_OF_DESCRIPTION
MOST_OBJECTS = 10_000
"""Groups and arrays in an HDF5 file: 500 layers with an optimizer have some 8,000."""


WEIGHTS = "model.weights.h5"
"""The weights in a `.keras` file; Keras would read other kinds too, which nobody checks."""


def is_zip(model_file: Path) -> bool:
    """Whether a model file is one of Keras's archives, by its name; else it is an HDF5 file."""
    return model_file.suffix.lower() == ".keras"


def read_archive(content: BinaryIO, *, is_zip: bool) -> dict[str, Any]:
    """What a `.keras` or `.h5` file says of its layers, as Keras writes it into JSON.

    Args:
        content: The file, at most `MOST_BYTES_OF_FILE`; it is left at its beginning.
        is_zip: Whether it is a `.keras` file.

    Raises:
        ValueError: It is no such file, or holds too much.
        Exception: Any of `READING_ERRORS`, or a KeyError or RecursionError.
    """
    described = json.loads(_text_of_zip(content) if is_zip else _text_of_h5(content))
    content.seek(0)
    if not isinstance(described, dict):
        raise ValueError("its description is not one of a model")
    return described


def _text_of_zip(file: BinaryIO) -> str:
    zip_files.check(file, members="files", packer="Keras")
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith("model.weights") and name != WEIGHTS:
                raise ValueError(f"it holds {name[:60]!r}, weights of another kind")
        _check_description(archive.getinfo("config.json").file_size)
        _check_size(sum(entry.file_size for entry in archive.infolist()))
        text = archive.read("config.json").decode()
        if WEIGHTS in archive.namelist():
            _check_arrays(io.BytesIO(archive.read(WEIGHTS)))
    return text


def _text_of_h5(file: BinaryIO) -> str:
    import h5py

    _check_arrays(file)
    with h5py.File(file) as stored:
        text = stored.attrs["model_config"]
    text = text.decode() if isinstance(text, bytes) else str(text)
    _check_description(len(text))
    return text


def _check_arrays(stored: BinaryIO) -> None:
    """Refuse arrays that fill the memory once they are unpacked, which HDF5 does by itself.

    Neither are links followed, nor arrays that lie in other files.
    """
    import h5py

    links: list[bool] = []
    sizes: list[int] = []
    compressed: list[str] = []

    def see_link(_: str, link: object) -> bool | None:
        links.append(isinstance(link, h5py.HardLink))
        return len(links) > MOST_OBJECTS or None

    def see(_: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset):
            sizes.append(_bytes_to_read(item))
            if item.id.get_create_plist().get_nfilters():
                compressed.append(item.name)

    with h5py.File(stored) as opened:
        opened.visititems_links(see_link)
        if len(links) > MOST_OBJECTS or not all(links):
            raise ValueError(f"it holds links, or more than {MOST_OBJECTS:,} arrays")
        opened.visititems(see)
    _check_size(sum(sizes))
    if compressed:
        # Such an array unpacks to whatever its stream yields, not to what its shape says.
        raise ValueError(f"its array {compressed[0]} is compressed, which Keras never does")


def _bytes_to_read(array: h5py.Dataset) -> int:
    """Bytes of an array, or of one chunk of it if that is larger: a chunk is unpacked whole."""
    if array.is_virtual or array.external:
        raise ValueError(f"its array {array.name} lies in another file")
    chunk = math.prod(array.chunks) * array.dtype.itemsize if array.chunks else 0
    return max(array.nbytes, chunk)


def _check_description(size: int) -> None:
    if size > MOST_BYTES_OF_DESCRIPTION:
        raise ValueError(f"its description alone has {size:,} bytes")


def _check_size(unpacked: int) -> None:
    if unpacked > MOST_BYTES:
        raise ValueError(f"unpacked it has {unpacked:,} bytes")
