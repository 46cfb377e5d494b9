"""`LayerGraph`: a Keras model as the steps it is made of, one layer or activation function each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mnist_core.inference.model_memory import kept

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_SPLIT = frozenset(
    """
    Dense Conv1D Conv2D Conv1DTranspose Conv2DTranspose DepthwiseConv1D DepthwiseConv2D
    SeparableConv1D SeparableConv2D
    """.split()  # noqa: SIM905 - easier to read than nine strings
)
"""Layers that end in an activation function, which is a step of its own."""


@dataclass(frozen=True, eq=False)
class Step:
    """One layer at one of the places where it is applied, or the activation function behind it.

    Attributes:
        layer: The layer; without the activation function that follows as a step of its own.
        activation: Keras's name of the function where the step is one, such as `relu`, else empty.
        apply: What it does when it is not being trained: tensors in, tensors out.
        inputs: Numbers of the values it takes; value 0 is the pixels.
        outputs: Numbers of the values it makes.
    """

    layer: keras.Layer
    activation: str
    apply: Callable[[Sequence[tf.Tensor]], list[tf.Tensor]]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    @property
    def kind(self) -> str:
        """Keras's name of the layer's class, e.g. `Conv2D`; of a function `Activation`."""
        return "Activation" if self.activation else type(self.layer).__name__

    @property
    def name(self) -> str:
        """Layer and kind as people write them, e.g. `reader (LSTM)`."""
        return f"{self.layer.name} ({type(self.layer).__name__})"


@dataclass(frozen=True, eq=False)
class LayerGraph:
    """The steps of a model in an order in which each finds what it takes.

    Models that are layers are taken apart, and a layer that is used twice makes two steps.

    Attributes:
        steps: All of them.
        shapes: Of each value without its first axis, `None` for a length that varies.
        answer: Number of the value that the model answers with.
        logits: Number of the value before the softmax that the model ends in; where it ends in
            none, the same as `answer`.
    """

    steps: tuple[Step, ...]
    shapes: tuple[tuple[int | None, ...], ...]
    answer: int
    logits: int

    @property
    def ends_in_softmax(self) -> bool:
        """Whether the answer is probabilities, and not scores."""
        return self.answer != self.logits

    def run(self, value: tf.Tensor, *, start: int = 0) -> list[tf.Tensor]:
        """Every value for some images; `None` for those that do not follow of the start.

        Args:
            value: Where they start, by default grey levels 0–255. `float32`, shape `(n, …)`.
            start: Its number.
        """
        values: list[Any] = [None] * len(self.shapes)
        values[start] = value
        for step in self.steps:
            taken = [values[place] for place in step.inputs]
            if start in step.outputs or any(one is None for one in taken):
                continue
            for place, made in zip(step.outputs, step.apply(taken), strict=True):
                values[place] = made
        return values


@kept(maxsize=24)
def layer_graph(model: keras.Model) -> LayerGraph:
    """Take a built model apart; nothing is computed."""
    import keras

    recording = _Recording(model.inputs[0])
    answer = recording.place(keras.tree.flatten(recording.apply(model)(model.inputs))[0])
    logits = answer
    maker = next((step for step in recording.steps if answer in step.outputs), None)
    if maker is not None and _is_softmax(maker):
        logits = maker.inputs[0]
    shapes = tuple(tuple(tensor.shape[1:]) for tensor in recording.tensors)
    return LayerGraph(tuple(recording.steps), shapes, answer, logits)


class _Recording:
    """Sends shapes through a model and writes down each layer that they pass."""

    def __init__(self, pixels: keras.KerasTensor) -> None:
        self.steps: list[Step] = []
        self.tensors = [pixels]  # kept, so that no other gets the same id
        self._places = {id(pixels): 0}

    def place(self, tensor: keras.KerasTensor) -> int:
        """The number of a value that was made before."""
        return self._places[id(tensor)]

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

    def _apply_one(self, layer: keras.Layer, inputs: tuple, options: dict[str, Any]) -> Any:
        if type(layer).__name__ == "InputLayer":
            return inputs[0]
        function = _activation(layer)
        if type(layer).__name__ == "Activation":
            return self._record(layer, function, layer, inputs, options)
        if type(layer).__name__ not in _SPLIT or function == "linear":
            return self._record(layer, "", layer, inputs, options)
        linear = self._record(layer, "", _without_activation(layer), inputs, options)
        return self._record(layer, function, _Function(layer.activation), (linear,), {})

    def _record(
        self, layer: keras.Layer, activation: str, called: Any, inputs: tuple, options: dict
    ) -> Any:
        import keras

        answered = called.compute_output_spec(*inputs, **options)
        if "training" in inspect.signature(getattr(called, "call", called)).parameters:
            options = options | {"training": False}
        pattern = (inputs, options)
        given = [one for one in keras.tree.flatten(pattern) if isinstance(one, keras.KerasTensor)]
        made = keras.tree.flatten(answered)
        for tensor in made:
            self._places[id(tensor)] = len(self.tensors)
            self.tensors.append(tensor)

        def apply(values: Sequence[tf.Tensor]) -> list[tf.Tensor]:
            waiting = iter(values)
            arguments, named = keras.tree.map_structure(
                lambda one: next(waiting) if isinstance(one, keras.KerasTensor) else one, pattern
            )
            return keras.tree.flatten(called(*arguments, **named))

        taken = tuple(self.place(tensor) for tensor in given)
        self.steps.append(Step(layer, activation, apply, taken, tuple(map(self.place, made))))
        return answered


class _Function:
    """An activation function, called as a layer is."""

    def __init__(self, function: Callable) -> None:
        self._function = function

    def __call__(self, values: tf.Tensor) -> tf.Tensor:
        return self._function(values)

    def compute_output_spec(self, values: keras.KerasTensor) -> keras.KerasTensor:
        import keras

        return keras.KerasTensor(values.shape, values.dtype)


def _activation(layer: keras.Layer) -> str:
    """Keras's name of a layer's activation function, `linear` where it has none."""
    function = getattr(layer, "activation", None)
    return "linear" if function is None else getattr(function, "__name__", type(function).__name__)


def _without_activation(layer: keras.Layer) -> keras.Layer:
    """The same layer with the same weights, which answers before its activation function."""
    import keras

    # Not by Keras's own copying, which would make new weights.
    bare = object.__new__(type(layer))
    bare.__dict__.update(layer.__dict__)
    bare.__dict__["activation"] = keras.activations.linear
    return bare


def _is_softmax(step: Step) -> bool:
    if step.activation:
        return step.activation == "softmax"
    return step.kind == "Softmax" and step.layer.axis in (-1, 1)
