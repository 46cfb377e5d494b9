"""`Stage`: a layer of a model at one of its places, whose maps or units can be looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_core.errors import ExplanationError
from mnist_core.inference.layer_graph import LayerGraph, Step, layer_graph
from mnist_core.inference.model_memory import kept
from mnist_core.inference.prediction import cached_model

if TYPE_CHECKING:
    import keras

_NOT_NEGATIVE = frozenset(
    "relu relu6 sigmoid hard_sigmoid softmax softplus exponential ReLU Softmax".split()  # noqa: SIM905
)
"""Functions and layers whose answers are 0 or more, whatever they are given."""

_KEEPS_SIGN = frozenset(
    """
    MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalAveragePooling1D GlobalAveragePooling2D AdaptiveMaxPooling2D
    AdaptiveAveragePooling2D Add Average Maximum Minimum Multiply Concatenate ZeroPadding1D
    ZeroPadding2D Cropping1D Cropping2D UpSampling1D UpSampling2D Flatten Reshape Permute Dropout
    SpatialDropout1D SpatialDropout2D GaussianDropout GaussianNoise Identity ActivityRegularization
    """.split()  # noqa: SIM905 - easier to read than thirty strings
)
"""Layers that answer 0 or more where they are given nothing else."""

_BY_CHANNEL = frozenset(
    """
    BatchNormalization Activation ReLU LeakyReLU PReLU ELU MaxPooling1D MaxPooling2D
    AveragePooling1D AveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D
    GlobalAveragePooling1D GlobalAveragePooling2D UpSampling2D ZeroPadding2D Cropping2D
    """.split()  # noqa: SIM905 - easier to read than seventeen strings
)
"""Layers each channel of which looks at the same channel in front alone."""

_UNSEEN = frozenset(
    """
    Flatten Reshape Permute RepeatVector Rescaling Normalization Dropout AlphaDropout
    SpatialDropout1D SpatialDropout2D GaussianDropout GaussianNoise Identity ActivityRegularization
    """.split()  # noqa: SIM905 - easier to read than fourteen strings
)
"""Layers that answer with what they are given, in another order or on another scale."""


@dataclass(frozen=True)
class Stage:
    """A layer at one of the places where it is applied, its own activation function included.

    Attributes:
        number: Counted from 1 along the model.
        layer: Name of the layer.
        kind: Keras's name of its class, e.g. `Conv2D`.
        activation: Keras's name of the layer's own activation function, e.g. `relu`, else empty.
        shape: Of what it answers to one image: `(height, width, channels)`, `(steps, channels)` or
            `(units,)`.
        can_be_negative: Whether its answers can be below 0, as far as its kind tells.
        can_be_off: Whether anything follows that a channel could be switched off for.
        passes_on: Whether the next stage goes on from it channel by channel, as a ReLU does from
            a convolution: to switch a channel off here is much the same as there.
    """

    number: int
    layer: str
    kind: str
    activation: str
    shape: tuple[int, ...]
    can_be_negative: bool
    can_be_off: bool
    passes_on: bool = False

    @property
    def channels(self) -> int:
        """Its maps or units."""
        return self.shape[-1]

    @property
    def has_maps(self) -> bool:
        """Whether each channel is a map and not one number."""
        return len(self.shape) > 1


@dataclass(frozen=True, eq=False)
class PlacedStage:
    """A stage and where it lies in the graph of the model.

    Attributes:
        stage: The stage.
        step: What the layer does before its activation function.
        before: Number of the value that this makes.
        value: Number of the value behind the activation function; the same where there is none.
    """

    stage: Stage
    step: Step
    before: int
    value: int


def layer_stages(model_file: Path) -> tuple[Stage, ...]:
    """The layers of a model that can be looked at, from input to output.

    Models that are layers are taken apart, and a layer that is applied twice makes two stages.
    Left out are layers that answer with what they are given (Flatten, Dropout, Rescaling, …).

    Args:
        model_file: A `.keras` file.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    return tuple(placed.stage for placed in placed_stages(cached_model(model_file)))


def find_stage(model: keras.Model, number: int) -> PlacedStage:
    """One of the stages of a model, by its number.

    Raises:
        ExplanationError: It has none of that number.
    """
    found = placed_stages(model)
    if not 1 <= number <= len(found):
        raise ExplanationError(
            f"Expected one of the model's layers by number, 1 to {len(found)}. Received: {number}. "
            "Choose among these."
        )
    return found[number - 1]


@kept(maxsize=24)
def placed_stages(model: keras.Model) -> tuple[PlacedStage, ...]:
    """All stages of a model."""
    graph = layer_graph(model)
    used = {place for step in graph.steps for place in step.inputs}
    negative = _can_be_negative(graph)
    found: list[PlacedStage] = []
    for step in graph.steps:
        if step.activation and found and _continues(found[-1], step):
            (value,) = step.outputs
            stage = replace(
                found[-1].stage,
                activation=step.activation,
                can_be_negative=negative[value],
                can_be_off=value in used,
            )
            found[-1] = replace(found[-1], stage=stage, value=value)
        elif _is_seen(step, graph):
            (value,) = step.outputs
            if (
                found
                and type(step.layer).__name__ in _BY_CHANNEL
                and step.inputs == (found[-1].value,)
            ):
                found[-1] = replace(found[-1], stage=replace(found[-1].stage, passes_on=True))
            stage = Stage(
                number=len(found) + 1,
                layer=step.layer.name,
                kind=type(step.layer).__name__,
                activation=step.activation,
                shape=tuple(length or 1 for length in graph.shapes[value]),
                can_be_negative=negative[value],
                can_be_off=value in used,
            )
            found.append(PlacedStage(stage, step, value, value))
    return tuple(found)


def _continues(last: PlacedStage, step: Step) -> bool:
    """Whether a step is the activation function of the layer before it."""
    return step.layer is last.step.layer and step.inputs == (last.before,)


def _is_seen(step: Step, graph: LayerGraph) -> bool:
    if len(step.outputs) != 1 or type(step.layer).__name__ in _UNSEEN:
        return False
    return 1 <= len(graph.shapes[step.outputs[0]]) <= 3


def _can_be_negative(graph: LayerGraph) -> list[bool]:
    """Of each value, whether numbers below 0 can be in it."""
    negative = [False] * len(graph.shapes)
    for step in graph.steps:
        kind = step.activation or type(step.layer).__name__
        is_so = kind not in _NOT_NEGATIVE
        if kind in _KEEPS_SIGN:
            is_so = any(negative[place] for place in step.inputs)
        for place in step.outputs:
            negative[place] = is_so
    return negative
