"""How large a Keras model is: what it takes, in memory and in arithmetic, to read one image.

A layer that is applied twice counts twice, and so does all within a model that is itself a layer.
Nothing is computed; only shapes go through the layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mnist_core.inference.model_memory import kept

if TYPE_CHECKING:
    import keras

MOST_LAYERS = 500
MOST_PARAMETERS = 20_000_000
MOST_OUTPUTS_OF_A_LAYER = 400_000
MOST_OUTPUTS = 4_000_000
"""Numbers that all layers together answer to one image: 16 MB."""

MOST_OPERATIONS = 2_000_000_000
"""Multiplications and additions for one image, about 0.05 s of one core."""

OPERATIONS_OF_A_CALL = 40_000_000_000
"""What a worker computes in one go: about a second of one core, 20 images of the largest model."""

OPERATIONS_OF_A_STEP = 250_000
"""What one time step of a recurrent layer costs besides its arithmetic, in operations."""

NUMBERS_AT_ONCE = 100_000_000
"""Outputs of layers that may be in memory together, 400 MB, so that a worker stays below 2 GB."""

_WEIGHT_BY_WEIGHT = frozenset(
    """
    BatchNormalization LayerNormalization GroupNormalization UnitNormalization Normalization PReLU
    """.split()  # noqa: SIM905 - easier to read than six strings
)
"""Layers that use each weight on numbers of its own, not on every position of a map."""

Shape = tuple[int, ...]


@dataclass(frozen=True)
class ModelSize:
    """What a model takes for one image.

    Attributes:
        layers: Layers, each as often as it is applied.
        widest: Numbers that the widest of them answers.
        outputs: Numbers that all of them answer, and the larger ones they make on the way.
        operations: Multiplications and additions.
    """

    layers: int = 0
    widest: int = 0
    outputs: int = 0
    operations: int = 0

    def __add__(self, other: ModelSize) -> ModelSize:
        return ModelSize(
            self.layers + other.layers,
            max(self.widest, other.widest),
            self.outputs + other.outputs,
            self.operations + other.operations,
        )

    def times(self, steps: int) -> ModelSize:
        """What it takes to apply the same layers one after the other to so many inputs."""
        return ModelSize(
            self.layers * steps, self.widest, self.outputs * steps, self.operations * steps
        )


def size_of(model: keras.Model) -> ModelSize:
    """Count what a built model takes for one image.

    Raises:
        ValueError: It has more than 500 layers.
    """
    counting = _Counting()
    counting.apply(model)(model.inputs)
    return counting.size


def images_at_once(model: keras.Model, *, copies: int = 1) -> int:
    """How many images a model may be given together, at least one.

    Args:
        model: Built, and not too large (see `model_files`).
        copies: How often the outputs of its layers are kept for each image.
    """
    return max(1, NUMBERS_AT_ONCE // (copies * max(1, _kept_size(model).outputs)))


def images_in_a_call(model: keras.Model) -> int:
    """How many images a worker may answer for before another visitor has a turn, at least one."""
    return max(1, OPERATIONS_OF_A_CALL // max(1, _kept_size(model).operations))


@kept(maxsize=24)
def _kept_size(model: keras.Model) -> ModelSize:
    return size_of(model)


class _Counting:
    """Sends shapes through a model and adds up what its layers take."""

    def __init__(self) -> None:
        self.size = ModelSize()

    def apply(self, layer: keras.Layer) -> Callable:
        """A function that takes what the layer takes, as shapes, and answers as it would."""
        graph = getattr(layer, "_functional", None) or layer
        if hasattr(graph, "_run_through_graph"):
            return lambda inputs, *_, **__: graph._run_through_graph(inputs, self.apply)
        if hasattr(layer, "layers"):  # a Sequential model of layers with several inputs
            return lambda inputs, *_, **__: self._one_by_one(layer.layers, inputs)
        return lambda *inputs, **options: self._apply_one(layer, inputs, options)

    def _one_by_one(self, layers: list[keras.Layer], inputs: Any) -> Any:
        for layer in layers:
            inputs = self.apply(layer)(inputs)
        return inputs

    def _apply_one(self, layer: keras.Layer, inputs: Any, options: dict[str, Any]) -> Any:
        answered = layer.compute_output_spec(*inputs, **options)
        received = _shapes([inputs, options])
        self.size += _size_of_layer(layer, received, _shapes(answered))
        if self.size.layers > MOST_LAYERS:
            raise ValueError(f"it has more than {MOST_LAYERS} layers")
        return answered


def _shapes(tensors: Any) -> list[Shape]:
    """Shapes of what goes through a layer for one image."""
    import keras

    return [
        tuple(length or 1 for length in tensor.shape[1:])
        for tensor in keras.tree.flatten(tensors)
        if isinstance(tensor, keras.KerasTensor)
    ]


def _size_of_layer(layer: keras.Layer, received: list[Shape], answered: list[Shape]) -> ModelSize:
    kind = type(layer).__name__
    width = sum(map(math.prod, answered))
    if kind == "TimeDistributed":
        steps = received[0][0]
        within = _Counting()
        within.apply(layer.layer)(_tensor((None, *received[0][1:])))
        return ModelSize(1, width, width) + within.size.times(steps)
    is_convolution = hasattr(layer, "strides") and "Transpose" not in kind
    used_at = answered if is_convolution else [*received, *answered]
    positions = max(math.prod(shape[:-1]) for shape in used_at)
    parameters = 0 if kind in _WEIGHT_BY_WEIGHT else layer.count_params()
    operations = 2 * positions * parameters + sum(map(math.prod, received)) + width
    hidden, layers = 0, 1
    if kind == "MultiHeadAttention":
        scores = math.prod(received[0][:-1]) * max(math.prod(shape[:-1]) for shape in received)
        hidden = layer.num_heads * scores
        operations += 2 * hidden * (layer.key_dim + (layer.value_dim or layer.key_dim))
    elif kind == "SeparableConv2D":
        hidden = math.prod(answered[0][:-1]) * received[0][-1] * layer.depth_multiplier
    elif hasattr(layer, "pool_size"):
        operations += width * math.prod(_numbers(layer.pool_size))
    for recurrent in _recurrent(layer):
        steps = received[0][0]
        hidden += steps * sum(math.prod(_numbers(size)) for size in _numbers(recurrent.state_size))
        operations += steps * OPERATIONS_OF_A_STEP
        layers += steps * bool(recurrent.unroll)
    return ModelSize(layers, width, width + hidden, operations)


def _recurrent(layer: keras.Layer) -> list[keras.Layer]:
    """The recurrent layers that a layer is made of: itself, the two of a Bidirectional, none."""
    both = [getattr(layer, name, None) for name in ("forward_layer", "backward_layer")]
    return [part for part in (layer, *both) if hasattr(part, "unroll")]


def _numbers(value: Any) -> tuple:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _tensor(shape: tuple[int | None, ...]) -> keras.KerasTensor:
    import keras

    return keras.KerasTensor(shape)
