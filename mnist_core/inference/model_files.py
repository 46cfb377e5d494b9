"""Model files from anywhere: what may be opened, checked before anything is built.

A model file is a program. Keras's safe mode keeps it from running code of its own; a small file can
still name layers that fill the memory, so layers and sizes are checked on the description alone.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist_core.errors import CheckpointError, FileRefusedError
from mnist_core.files.damage import READING_ERRORS
from mnist_core.files.safe_files import read_bytes
from mnist_core.inference.model_archive import MOST_BYTES_OF_FILE, is_zip, read_archive
from mnist_core.inference.model_description import check_layers, foreign_parts, with_modules
from mnist_core.inference.model_size import (
    MOST_OPERATIONS,
    MOST_OUTPUTS,
    MOST_OUTPUTS_OF_A_LAYER,
    MOST_PARAMETERS,
    size_of,
)

if TYPE_CHECKING:
    import keras


def open_model(model_file: Path) -> keras.Model:
    """Open a `.keras` or `.h5` file of known layers and limited size, running nothing it brings.

    It is read once: what is opened is what was checked, whatever lies there by then.

    Raises:
        CheckpointError: It is torn, no model, names other layers, or is too large.
    """
    content = _read(model_file)
    check_description(_described(content, model_file), model_file)
    try:
        return _loaded(content, is_zip=is_zip(model_file))
    except Exception as error:
        raise _cannot_open(model_file, error) from error


def read_description(model_file: Path) -> dict[str, Any]:
    """What the file says of its layers, as Keras writes it into JSON.

    Raises:
        CheckpointError: It is neither a `.keras` nor an `.h5` file, is torn, no regular file, or
            holds too much.
    """
    return _described(_read(model_file), model_file)


def _read(model_file: Path) -> io.BytesIO:
    try:
        return io.BytesIO(read_bytes(model_file, most_bytes=MOST_BYTES_OF_FILE))
    except FileRefusedError as error:
        raise CheckpointError(str(error)) from error
    except (OSError, MemoryError) as error:
        raise _cannot_open(model_file, error) from error


def _described(content: io.BytesIO, model_file: Path) -> dict[str, Any]:
    try:
        described = read_archive(content, is_zip=is_zip(model_file))
    except (*READING_ERRORS, KeyError, RecursionError) as error:
        raise _cannot_open(model_file, error) from error
    described.pop("compile_config", None)  # how it was trained; it is not compiled here
    return described


def _loaded(content: io.BytesIO, *, is_zip: bool) -> keras.Model:
    """The model in a file that was checked; Keras's public function takes names of files alone."""
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import load_model_from_hdf5
    from keras.src.saving.saving_lib import load_model

    if is_zip:
        return load_model(content, compile=False, safe_mode=True)
    with h5py.File(content) as stored:
        return load_model_from_hdf5(stored, compile=False, safe_mode=True)


def check_description(described: dict[str, Any], model_file: Path) -> None:
    """Refuse what names other than the known layers, or takes too much for one image.

    Raises:
        CheckpointError: It does.
    """
    import keras

    for name in foreign_parts(described):
        raise CheckpointError(
            f"Expected layers of Keras's own in {model_file.name}. Received: {name}. Build the "
            "model of layers without a program of their own and save it again."
        )
    try:
        check_layers(described)
        # In this scope variables have a shape but take no memory.
        with keras.StatelessScope(initialize_variables=False):
            model = keras.saving.deserialize_keras_object(with_modules(described))
            if not model.built:
                raise ValueError("it does not say of which shape its input is")
            parameters, size = model.count_params(), size_of(model)
    except Exception as error:
        raise _cannot_open(model_file, error) from error
    bounds = {
        "parameters": (parameters, MOST_PARAMETERS),
        "outputs of a layer": (size.widest, MOST_OUTPUTS_OF_A_LAYER),
        "outputs of all layers": (size.outputs, MOST_OUTPUTS),
        "operations for an image": (size.operations, MOST_OPERATIONS),
    }
    for what, (received, most) in bounds.items():
        if received > most:
            raise CheckpointError(
                f"Expected at most {most:,} {what} in {model_file.name}. Received: {received:,}. "
                "Choose a smaller model."
            )


def _cannot_open(model_file: Path, error: Exception) -> CheckpointError:
    first_line = next(iter(str(error).splitlines()), "")
    return CheckpointError(
        f"Expected a Keras model in {model_file.name} of {model_file.parent.name}. Received: a "
        f"file that Keras cannot open ({first_line}). Choose another epoch or train again."
    )
