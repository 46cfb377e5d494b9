"""Model files as strangers hand them over: what may be opened, checked before anything is built.

A model file is a program. Keras's safe mode keeps it from running code of its own; a small file can
still name a layer that fills the memory, so layers and sizes are checked on the description alone.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist_core.damage import READING_ERRORS
from mnist_core.errors import CheckpointError, FileRefusedError
from mnist_core.safe_files import check_regular

if TYPE_CHECKING:
    import keras

SUFFIXES = (".keras", ".h5", ".hdf5")

MOST_BYTES_OF_DESCRIPTION = 5_000_000
MOST_PARAMETERS = 20_000_000
MOST_BYTES = 16 * MOST_PARAMETERS
"""Four numbers for each parameter: its value, and what an optimizer remembers of it."""

MOST_OUTPUTS_OF_A_LAYER = 400_000
"""Numbers that one layer answers to one image; a thousand images are predicted at a time."""

LAYERS = frozenset(
    """
    Functional Sequential Model InputLayer Dense Conv2D DepthwiseConv2D SeparableConv2D
    Conv2DTranspose MaxPooling2D AveragePooling2D GlobalMaxPooling2D GlobalAveragePooling2D
    Flatten Reshape Permute ZeroPadding2D Cropping2D UpSampling2D Dropout SpatialDropout2D
    AlphaDropout GaussianNoise GaussianDropout BatchNormalization LayerNormalization
    GroupNormalization UnitNormalization Normalization Rescaling Resizing Activation ReLU
    LeakyReLU PReLU ELU Softmax Add Subtract Multiply Average Maximum Minimum Concatenate
    RandomRotation RandomTranslation RandomZoom RandomFlip RandomContrast RandomBrightness
    LSTM GRU SimpleRNN Bidirectional TimeDistributed MultiHeadAttention Conv1D MaxPooling1D
    AveragePooling1D GlobalMaxPooling1D GlobalAveragePooling1D
    """.split()  # noqa: SIM905 - easier to read than fifty strings
)
"""Keras's names of the layers, and of models as layers, that a file may name."""

_MODULES = {
    "Functional": "keras.src.models.functional",
    "Sequential": "keras",
    "Model": "keras",
}

_PARTS = frozenset(
    """
    DTypePolicy Policy GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform
    LecunNormal RandomUniform RandomNormal TruncatedNormal VarianceScaling Orthogonal
    OrthogonalInitializer Zeros
    Ones Constant Identity L1 L2 L1L2 MaxNorm NonNeg UnitNorm MinMaxNorm __keras_tensor__
    """.split()  # noqa: SIM905 - easier to read than fifty strings
)
"""What the description of a layer may hold besides numbers and words."""


def model_files_in(source: Path) -> list[Path]:
    """Model files and folders of SavedModels in a folder, or `source` where it is one itself."""
    if not source.is_dir() or (source / "saved_model.pb").is_file():
        return [source]
    return [
        path
        for path in sorted(source.iterdir())
        if not path.name.startswith(".")
        and (path.suffix.lower() in SUFFIXES or (path / "saved_model.pb").is_file())
    ]


def open_model(model_file: Path) -> keras.Model:
    """Open a `.keras` or `.h5` file of known layers and bearable size, running nothing it brings.

    Raises:
        CheckpointError: It is torn, no model, names other layers, or is too large.
    """
    import keras

    described = read_description(model_file)
    check_description(described, model_file)
    try:
        return keras.saving.load_model(model_file, compile=False, safe_mode=True)
    except Exception as error:
        raise _cannot_open(model_file, error) from error


def read_description(model_file: Path) -> dict[str, Any]:
    """What the file says of its layers, as Keras writes it into JSON.

    Raises:
        CheckpointError: It is neither a `.keras` nor an `.h5` file, torn, or no regular file.
    """
    try:
        check_regular(model_file)
        if model_file.suffix.lower() != ".keras":
            text = _description_of_h5(model_file)
        else:
            with zipfile.ZipFile(model_file) as archive:
                size = archive.getinfo("config.json").file_size
                if size > MOST_BYTES_OF_DESCRIPTION:
                    raise ValueError(f"its description alone has {size:,} bytes")
                _check_size(sum(entry.file_size for entry in archive.infolist()))
                text = archive.read("config.json").decode()
                if "model.weights.h5" in archive.namelist():
                    _check_arrays(io.BytesIO(archive.read("model.weights.h5")))
        described = json.loads(text)
        if not isinstance(described, dict):
            raise ValueError("its description is not one of a model")
        described.pop("compile_config", None)  # how it was trained; it is not compiled here
    except FileRefusedError as error:
        raise CheckpointError(str(error)) from error
    except (*READING_ERRORS, KeyError, RecursionError) as error:
        raise _cannot_open(model_file, error) from error
    return described


def check_description(described: dict[str, Any], model_file: Path) -> None:
    """Refuse what names other than the known layers, or too many parameters or outputs.

    Raises:
        CheckpointError: It does.
    """
    import keras

    for name, module in _named(described):
        known = name in LAYERS | _PARTS and (module or "keras").split(".")[0] == "keras"
        if not known:
            raise CheckpointError(
                f"Expected layers of Keras's own in {model_file.name}. Received: {name}"
                f"{f' of {module}' if module else ''}. Build the model of layers without a "
                "program of their own and save it again."
            )
    try:
        # In this scope variables have a shape but take no memory.
        with keras.StatelessScope(initialize_variables=False):
            model = keras.saving.deserialize_keras_object(_with_modules(described))
            if not model.built:
                raise ValueError("it does not say of which shape its input is")
            parameters = model.count_params()
            widest = max(_widths(model), default=0)
    except Exception as error:
        raise _cannot_open(model_file, error) from error
    if parameters > MOST_PARAMETERS or widest > MOST_OUTPUTS_OF_A_LAYER:
        raise CheckpointError(
            f"Expected at most {MOST_PARAMETERS:,} parameters and {MOST_OUTPUTS_OF_A_LAYER:,} "
            f"outputs of a layer in {model_file.name}. Received: {parameters:,} and {widest:,}. "
            "Choose a smaller model."
        )


def _description_of_h5(model_file: Path) -> str:
    import h5py

    _check_arrays(model_file)
    with h5py.File(model_file) as stored:
        text = stored.attrs["model_config"]
    text = text.decode() if isinstance(text, bytes) else str(text)
    if len(text) > MOST_BYTES_OF_DESCRIPTION:
        raise ValueError(f"its description alone has {len(text):,} characters")
    return text


def _check_arrays(stored: Path | io.BytesIO) -> None:
    """Refuse arrays that fill the memory once they are unpacked, which HDF5 does by itself."""
    import h5py

    sizes: list[int] = []
    with h5py.File(stored) as opened:
        opened.visititems(lambda _, item: sizes.append(getattr(item, "nbytes", 0)))
    _check_size(sum(sizes))


def _check_size(unpacked: int) -> None:
    if unpacked > MOST_BYTES:
        raise ValueError(f"unpacked it has {unpacked:,} bytes")


def _named(described: object) -> Iterator[tuple[str, str | None]]:
    """Class and module of everything that a description would have Keras make."""
    if isinstance(described, dict):
        if "class_name" in described:
            module = described.get("module")
            yield str(described["class_name"]), None if module is None else str(module)
        for value in described.values():
            yield from _named(value)
    elif isinstance(described, list):
        for value in described:
            yield from _named(value)


def _with_modules(described: Any) -> Any:
    """The description with the module of every layer, which `.h5` files leave out."""
    if isinstance(described, list):
        return [_with_modules(value) for value in described]
    if not isinstance(described, dict):
        return described
    full = {name: _with_modules(value) for name, value in described.items()}
    if described.get("class_name") in LAYERS and "config" in described:
        full.setdefault("module", _MODULES.get(described["class_name"], "keras.layers"))
        full.setdefault("registered_name", None)
    return full


def _widths(model: keras.Model) -> Iterator[int]:
    """Numbers that each layer answers to one image, also within models that are layers."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _widths(layer)
        yield math.prod(length or 1 for length in layer.output.shape[1:])


def _cannot_open(model_file: Path, error: Exception) -> CheckpointError:
    first_line = next(iter(str(error).splitlines()), "")
    return CheckpointError(
        f"Expected a Keras model in {model_file.name} of {model_file.parent.name}. Received: a "
        f"file that Keras cannot open ({first_line}). Choose another epoch or train again."
    )
