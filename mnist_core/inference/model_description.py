"""What a model file says of its layers, held against what may be built, before anything is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mnist_core.inference.model_size import MOST_LAYERS

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

PARTS = frozenset(
    """
    DTypePolicy Policy GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform
    LecunNormal RandomUniform RandomNormal TruncatedNormal VarianceScaling Orthogonal
    OrthogonalInitializer Zeros
    Ones Constant Identity L1 L2 L1L2 MaxNorm NonNeg UnitNorm MinMaxNorm __keras_tensor__
    """.split()  # noqa: SIM905 - easier to read than fifty strings
)
"""What the description of a layer may hold besides numbers and words."""


def foreign_parts(described: dict[str, Any]) -> Iterator[str]:
    """Names of what a description would have Keras make besides its own layers and their parts."""
    for entry in _entries(described):
        name, module = str(entry["class_name"]), entry.get("module")
        of_keras = str(module or "keras").split(".")[0] == "keras"
        if not (name in LAYERS | PARTS and of_keras):
            yield name if module is None else f"{name} of {module}"


def check_layers(described: dict[str, Any]) -> None:
    """Refuse more layers than are built, each counted as often as it is used.

    Raises:
        ValueError: There are more, or one is described in two ways.
        RecursionError: They are nested too deeply.
    """
    count = _uses(described) - 1  # the model itself
    if count > MOST_LAYERS:
        raise ValueError(f"it has {min(count, 10**9):,} layers, more than {MOST_LAYERS}")
    shared: dict[Any, dict[str, Any]] = {}
    for entry in _entries(described):
        # Keras takes whatever comes first under a number, and does not read what follows.
        number = entry.get("shared_object_id")
        if number is not None and entry["class_name"] in LAYERS:
            first = shared.setdefault(str(number), entry)
            if any(first.get(part) != entry.get(part) for part in ("class_name", "config")):
                raise ValueError("it describes a shared layer in two ways")


def with_modules(described: Any) -> Any:
    """The description with the module of every layer, which `.h5` files leave out."""
    if isinstance(described, list):
        return [with_modules(value) for value in described]
    if not isinstance(described, dict):
        return described
    full = {name: with_modules(value) for name, value in described.items()}
    if _is_layer(described) and "config" in described:
        full.setdefault("module", _MODULES.get(described["class_name"], "keras.layers"))
        full.setdefault("registered_name", None)
    return full


def _entries(described: Any) -> Iterator[dict[str, Any]]:
    """Everything that a description would have Keras make, in the order in which it stands."""
    waiting = [described]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _uses(described: Any) -> int:
    """Layers in a description, those of a model that is a layer as often as that is used."""
    if isinstance(described, list):
        return sum(map(_uses, described))
    if not isinstance(described, dict):
        return 0
    within = sum(map(_uses, described.values()))
    if not _is_layer(described):
        return within
    nodes = described.get("inbound_nodes")
    own = described["class_name"] != "InputLayer"
    return (own + within) * max(1, len(nodes) if isinstance(nodes, list) else 1)


def _is_layer(entry: dict[str, Any]) -> bool:
    return isinstance(entry.get("class_name"), str) and entry["class_name"] in LAYERS
