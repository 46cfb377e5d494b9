"""`Passage`: one step of a model, as an image and the background images pass it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mnist_core.inference.layer_graph import LayerGraph, Step

if TYPE_CHECKING:
    import tensorflow as tf

    Pair = tuple[tf.Tensor, tf.Tensor]
    """Of the image, shape `(1, …)`, and of n background images, shape `(n, …)`."""


class Recalled:
    """Values of a graph for some images: kept ones, and those that follow of them by a step.

    Args:
        graph: The graph.
        values: The kept values by their numbers. `float32`, shape `(n, …)`.
        routes: By step, where the maxima of its windows lie.
    """

    def __init__(
        self, graph: LayerGraph, values: dict[int, tf.Tensor], routes: dict[Step, tf.Tensor]
    ) -> None:
        self.routes = routes
        self._values = values
        self._maker = {place: step for step in graph.steps for place in step.outputs}

    def value(self, place: int) -> tf.Tensor:
        """One value. `float32`, shape `(n, …)`."""
        import tensorflow as tf

        if place not in self._values:
            step = self._maker[place]
            (made,) = step.apply([self.value(taken) for taken in step.inputs])
            self._values[place] = tf.cast(made, tf.float32)
        return self._values[place]


@dataclass(frozen=True, eq=False)
class Passage:
    """One step with what goes in and out of it; nothing is made that no rule asks for.

    Attributes:
        step: The step.
        graph: The model that it is of.
        image: The values of the image.
        background: The values of the background images.
    """

    step: Step
    graph: LayerGraph
    image: Recalled
    background: Recalled

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Of each value that the step takes, without the first axis."""
        shapes = [self.graph.shapes[place] for place in self.step.inputs]
        # No length varies: `RescalePass` takes no such graph.
        return [tuple(length for length in shape if length is not None) for shape in shapes]

    def taken(self) -> list[Pair]:
        """Each value that the step takes."""
        return [(self.image.value(one), self.background.value(one)) for one in self.step.inputs]

    def made(self) -> Pair:
        """The value that the step makes."""
        (out,) = self.step.outputs
        return self.image.value(out), self.background.value(out)

    def routes(self) -> Pair:
        """Where the maxima of its windows lie. `bool`."""
        return self.image.routes[self.step], self.background.routes[self.step]
