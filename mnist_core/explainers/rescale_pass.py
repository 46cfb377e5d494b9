"""`RescalePass`: the rules of Deep SHAP from what a model answers back to its pixels, compiled."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mnist_core import image_size
from mnist_core.explainers import pixel_shares
from mnist_core.explainers.multiplier import Multiplier, lengths_of
from mnist_core.explainers.passage import Passage, Recalled
from mnist_core.explainers.rescale_rules import (
    NoRuleError,
    has_routes,
    is_linear,
    keeps_pixels_apart,
    moved_back,
    routes,
    rule_of,
)
from mnist_core.inference.layer_graph import LayerGraph

if TYPE_CHECKING:
    import tensorflow as tf


class RescalePass:
    """Shares out among the pixels what a model answers.

    It holds nothing but compiled functions: several threads may use it at the same time.

    Args:
        graph: The model, taken apart.

    Raises:
        NoRuleError: There is no rule for one of its steps.
    """

    def __init__(self, graph: LayerGraph) -> None:
        import tensorflow as tf

        _check_rules(graph)
        self._graph = graph
        self._like_pixels = _like_pixels(graph)
        self._to_keep = _to_keep(graph)
        self._with_routes = [step for step in graph.steps if has_routes(step)]
        pixels = tf.TensorSpec((None, *image_size.SHAPE), tf.uint8)
        # Partial, since TensorFlow warns of a method that it compiles for each of many models.
        compiled = partial(tf.function, autograph=False)
        self._keep = compiled(partial(self._trace_keep), input_signature=[pixels])
        self._share = {
            goal: compiled(partial(self._trace_share, goal), reduce_retracing=True)
            for goal in (graph.answer, graph.logits)
        }

    def keep(self, images: np.ndarray) -> list[tf.Tensor]:
        """What `share` asks of images, whether they are explained or what these are compared with.

        Args:
            images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        """
        return self._keep(images)

    def share(
        self,
        image: list[tf.Tensor],
        background: list[tf.Tensor],
        weights: np.ndarray,
        *,
        is_of_logits: bool,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Share some weighted sums of answers out among the pixels of an image.

        Args:
            image: What `keep` answered to it.
            background: What `keep` answered to n background images.
            weights: How much each class counts in each map. `float32`, shape `(maps, classes)`.
            is_of_logits: Whether logits are summed, and not what the model answers.

        Returns:
            Values `(maps, 28, 28)`, means over the background images; the answer to the image
            `(classes,)`; and the mean answer to the background images `(classes,)`. `float32`.
        """
        goal = self._graph.logits if is_of_logits else self._graph.answer
        values, output, base = self._share[goal](image, background, weights)
        return values.numpy(), output.numpy(), base.numpy()

    def _trace_keep(self, images: tf.Tensor) -> list[tf.Tensor]:
        import tensorflow as tf

        values = self._graph.run(tf.cast(images, tf.float32))
        kept = [tf.cast(values[place], tf.float32) for place in self._to_keep]
        return kept + [routes(step, values[step.inputs[0]]) for step in self._with_routes]

    def _trace_share(
        self,
        goal: int,
        image: list[tf.Tensor],
        background: list[tf.Tensor],
        weights: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        import tensorflow as tf

        ways = _WaysBack(
            self._graph, self._like_pixels, self._recalled(image), self._recalled(background)
        )
        output, answers = ways.image.value(goal)[0], ways.background.value(goal)
        shape = (lengths_of(weights)[0], lengths_of(answers)[0], weights.shape[1])
        start = Multiplier(tf.broadcast_to(weights[:, tf.newaxis], shape))
        return ways.shares(goal, start), output, tf.reduce_mean(answers, 0)

    def _recalled(self, kept: list[tf.Tensor]) -> Recalled:
        n = len(self._to_keep)
        values = dict(zip(self._to_keep, kept[:n], strict=True))
        return Recalled(self._graph, values, dict(zip(self._with_routes, kept[n:], strict=True)))


class _WaysBack:
    """From an answer back through a graph: multipliers, until they come to what is still pixels."""

    def __init__(
        self, graph: LayerGraph, like_pixels: set[int], image: Recalled, background: Recalled
    ) -> None:
        self._graph = graph
        self._like_pixels = like_pixels
        self.image = image
        self.background = background
        self._multipliers: dict[int, list[Multiplier]] = defaultdict(list)
        self._shares: dict[int, list[tf.Tensor]] = defaultdict(list)

    def shares(self, goal: int, multiplier: Multiplier) -> tf.Tensor:
        """Shares of all pixels. Shape `(maps, 28, 28)`."""
        import tensorflow as tf

        self._give(goal, multiplier)
        for step in reversed(self._graph.steps):
            (out,) = step.outputs
            passage = Passage(step, self._graph, self.image, self.background)
            if self._shares[out]:
                moved = moved_back(passage, tf.add_n(self._shares[out]))
                self._shares[step.inputs[0]].append(moved)
            elif self._multipliers[out]:
                self._go_through(passage, _sum(self._multipliers[out]))
        if not self._shares[0]:
            return tf.zeros((lengths_of(multiplier.core)[0], *image_size.SHAPE))
        return tf.add_n(self._shares[0])

    def _go_through(self, passage: Passage, multiplier: Multiplier) -> None:
        step, first = passage.step, passage.step.inputs[0]
        if first in self._like_pixels and pixel_shares.is_plain_convolution(step):
            found = pixel_shares.shares_through_convolution(
                step, multiplier, self._difference(first)
            )
            self._shares[first].append(found)
            return
        for place, one in zip(step.inputs, rule_of(step)(passage, multiplier), strict=True):
            self._give(place, one)

    def _give(self, place: int, multiplier: Multiplier) -> None:
        if place in self._like_pixels:
            self._shares[place].append(pixel_shares.shares(multiplier, self._difference(place)))
        else:
            self._multipliers[place].append(multiplier)

    def _difference(self, place: int) -> tf.Tensor:
        return self.image.value(place) - self.background.value(place)


def _sum(multipliers: list[Multiplier]) -> Multiplier:
    """Of a value that several steps take."""
    import tensorflow as tf

    if len(multipliers) == 1:
        return multipliers[0]
    return Multiplier(tf.add_n([one.whole() for one in multipliers]))


def _check_rules(graph: LayerGraph) -> None:
    like_pixels = _like_pixels(graph)
    for step in graph.steps:
        if step.outputs[0] not in like_pixels:
            rule_of(step)
        if len(step.outputs) != 1 or None in graph.shapes[step.outputs[0]]:
            raise NoRuleError(step.name)


def _like_pixels(graph: LayerGraph) -> set[int]:
    """The values that are the pixels still, moved or scaled, each by itself."""
    places = {0}
    for step in graph.steps:
        if set(step.inputs) <= places and keeps_pixels_apart(step):
            places.update(step.outputs)
    return places


def _to_keep(graph: LayerGraph) -> list[int]:
    """The values that rules ask for, but for those that follow of others by a quick step.

    What is still pixels is asked for where it is not pixels any more.
    """
    like_pixels = _like_pixels(graph)
    behind = [step for step in graph.steps if step.outputs[0] not in like_pixels]
    asking = [step for step in behind if not is_linear(step)]
    asked = {place for step in asking for place in step.inputs} | {graph.logits}
    asked |= {place for step in behind for place in step.inputs if place in like_pixels}
    made_again = {place for step in asking for place in step.outputs}
    return sorted(asked - made_again)
