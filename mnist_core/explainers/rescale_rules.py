"""How differences are shared out among what a layer takes: one rule for each kind of layer.

A rule says how much a change of each unit that goes into a layer counts, given how much a change of
each unit that comes out of it does, so that both add up to the same. They are the rescale rule of
DeepLIFT (Shrikumar, Greenside, Kundaje, "Learning Important Features Through Propagating Activation
Differences", 2017, section 3.5.2), with the choices of `shap.DeepExplainer` where that paper leaves
some: softmax is taken apart into exponentials, sum and quotient, the difference of two maxima goes
to where they lie, and a product is shared as the Shapley values of two players.

Sources: Lundberg & Lee, "A Unified Approach to Interpreting Model Predictions" (2017); Chen,
Lundberg, Lee, "Explaining a series of models by propagating Shapley values" (2022).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

from mnist_core.explainers.multiplier import Multiplier, lengths_of
from mnist_core.explainers.passage import Passage
from mnist_core.explainers.pooling_windows import PoolingWindows
from mnist_core.inference.layer_graph import Step

if TYPE_CHECKING:
    import tensorflow as tf

_SAME = 1e-6
"""Smaller differences are taken for none, and the slope at the image for their quotient."""

_NONE = 1e-7
"""Smaller differences get no share of a maximum or a product."""


class NoRuleError(ValueError):
    """There is no rule for a step; the message names it."""


Rule = Callable[[Passage, Multiplier], list[Multiplier]]
"""Takes the multiplier of what a step makes and answers those of what it takes."""


def rule_of(step: Step) -> Rule:
    """The rule for a step.

    Raises:
        NoRuleError: There is none.
    """
    rule = _ACTIVATIONS.get(step.activation) if step.activation else _LAYERS.get(step.kind)
    if rule is None or not type(step.layer).__module__.startswith("keras."):
        raise NoRuleError(step.name)
    return rule


def is_linear(step: Step) -> bool:
    """Whether the rule for a step does not ask what the images are there."""
    return rule_of(step) in (_linear, _moved, _scaled, _passed)


def keeps_pixels_apart(step: Step) -> bool:
    """Whether each unit that a step makes comes of one unit that it takes, and shares can go back.

    Normalisation to unit length is taken for one, too: what divides all pixels of an image by one
    number belongs to how images are prepared.
    """
    return step.kind == "UnitNormalization" or rule_of(step) in (
        _moved,
        _scaled,
        _passed,
        _elementwise,
    )


def moved_back(passage: Passage, shares: tf.Tensor) -> tf.Tensor:
    """Bring the shares of the units that a step makes to the units that it takes.

    Args:
        passage: Of a step that `keeps_pixels_apart`.
        shares: Shape `(maps, …)`.
    """
    step = passage.step
    is_moved = step.kind != "UnitNormalization" and rule_of(step) is _moved
    return _pulled(passage, shares)[0] if is_moved else shares


def has_routes(step: Step) -> bool:
    """Whether the rule for a step asks for `routes`."""
    return not step.activation and _LAYERS.get(step.kind) is _max_pooling


def routes(step: Step, background: tf.Tensor) -> tf.Tensor:
    """Which place of each window holds its maximum, of background images alone.

    Args:
        step: One that `has_routes`.
        background: What it takes of n images. Shape `(n, …)`.

    Returns:
        `bool`, shape `(n, windows…, places of a window, channels)`.
    """
    return _first_largest(_windows(step, background)[1])


# Linear layers


def _linear(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """Multipliers go back as gradients do."""
    whole = multiplier.whole()
    return [Multiplier(_by_map(one, whole)) for one in _pulled(passage, _rows(whole))]


def _moved(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """Each unit taken is one unit made, or none: both factors of a product move alike."""
    if multiplier.scale is None or multiplier.window:
        return _linear(passage, multiplier)
    (core,) = _linear(passage, Multiplier(multiplier.core))
    return [core.times(_pulled(passage, multiplier.scale)[0])]


def _scaled(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """Each unit is multiplied with a number of its own, which is the same for all images."""
    import tensorflow as tf

    return [multiplier.times(_pulled(passage, tf.ones((1, *passage.shapes[0])))[0])]


def _passed(_: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """The layer does nothing but in training."""
    return [multiplier]


def _pulled(passage: Passage, rows: tf.Tensor) -> list[tf.Tensor]:
    """Gradients through a linear step. What it answers is not computed: they do not ask for it.

    Args:
        passage: Of the step.
        rows: Gradients of what it makes. `float32`, shape `(rows, …)`.
    """
    import tensorflow as tf

    blank = [tf.zeros((lengths_of(rows)[0], *shape)) for shape in passage.shapes]
    (made,) = passage.step.apply(blank)
    return tf.gradients(made, blank, grad_ys=[tf.cast(rows, made.dtype)])


def _rows(by_map: tf.Tensor) -> tf.Tensor:
    """From shape `(maps, n, …)` to `(maps · n, …)`."""
    import tensorflow as tf

    return tf.reshape(by_map, (-1, *by_map.shape[2:]))


def _by_map(rows: tf.Tensor, like: tf.Tensor) -> tf.Tensor:
    """From shape `(maps · n, …)` to `(maps, n, …)`, of which `like` has as many."""
    import tensorflow as tf

    return tf.reshape(rows, (*lengths_of(like)[:2], *rows.shape[1:]))


# Functions of one unit


def _elementwise(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """The rescale rule: the difference behind by the difference before."""
    import tensorflow as tf

    (x, b), (x_made, b_made) = passage.taken()[0], passage.made()
    (slope,) = tf.gradients(x_made, x)
    return [multiplier.times(_quotient(x_made - b_made, x - b, slope))]


def _quotient(behind: tf.Tensor, before: tf.Tensor, slope: tf.Tensor) -> tf.Tensor:
    """A quotient of differences; the slope where there is no difference."""
    import tensorflow as tf

    return tf.where(tf.abs(before) < _SAME, slope, behind / before)


def _softmax(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """Exponentials of what is centred by its largest, their sum, and the quotient of both.

    Of the quotient e / S both are players, and every e is part of S. Where the model is certain of
    both images the two sums are almost 1, and so are their quotients coarse in single precision;
    they are shap's to the last bit, and what is too much of one class is too little of another.
    """
    import tensorflow as tf

    axis = _softmax_axis(passage)
    ((x_taken, b_taken),) = passage.taken()
    x, b = (one - tf.reduce_max(one, axis, keepdims=True) for one in (x_taken, b_taken))
    e = (tf.exp(x), tf.exp(b))
    total = tuple(tf.reduce_sum(one, axis, keepdims=True) for one in e)
    whole = multiplier.whole()
    of_total = _shapley_value(lambda total, e: e / total, total, e)
    through_total = tf.reduce_sum(whole * of_total, axis, keepdims=True)
    of_e = whole * _shapley_value(tf.divide, e, total) + through_total
    # The largest, which both are centred by, is taken for a constant.
    before = x_taken - b_taken
    centring = _quotient(x - b, before, tf.ones_like(before))
    return [Multiplier(of_e * (_quotient(e[0] - e[1], x - b, e[0]) * centring))]


def _softmax_axis(passage: Passage) -> int:
    """Counted from the end, so that it holds whatever stands in front."""
    axis = -1 if passage.step.activation else passage.step.layer.axis
    if not isinstance(axis, int):
        raise NoRuleError(passage.step.name)
    return axis if axis < 0 else axis - 1 - len(passage.shapes[0])


# Maxima of windows


def _max_pooling(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """What one maximum has more than the other goes to the places where they lie.

    With the larger of both as a stop between: from the background image's maximum to it by the
    place of the image's, and from there to the image's by the place of the background image's.
    """
    import tensorflow as tf

    step, (x_route, b_route) = passage.step, passage.routes()
    ((x_taken, b_taken),) = passage.taken()
    (windows, x), (_, b) = _windows(step, x_taken), _windows(step, b_taken)
    x_max, b_max = (
        tf.reshape(_channels_last(step, one), (-1, *windows.counts, 1, x.shape[-1]))
        for one in passage.made()
    )
    larger = tf.maximum(x_max, b_max)
    shared = tf.cast(x_route, tf.float32) * (larger - b_max)
    shared += tf.cast(b_route, tf.float32) * (x_max - larger)
    of_place = tf.where(tf.abs(x - b) < _NONE, tf.zeros_like(shared), shared / (x - b))
    return [_unpooled(passage, windows, multiplier, of_place)]


def _unpooled(
    passage: Passage, windows: PoolingWindows, multiplier: Multiplier, of_place: tf.Tensor
) -> Multiplier:
    """The multiplier before pooling.

    Args:
        passage: Of the pooling.
        windows: Its windows.
        multiplier: Behind it.
        of_place: How much a change of each place counts in the maximum of its window. Shape
            `(n, windows…, places of a window, channels)`.
    """
    import tensorflow as tf

    layer, channels = passage.step.layer, of_place.shape[-1]
    whole = multiplier.whole() if multiplier.window else multiplier.core
    maps, n = lengths_of(whole)[:2]
    if windows.are_apart and layer.data_format == "channels_last":
        if multiplier.scale is not None and not multiplier.window:
            of_place *= tf.reshape(multiplier.scale, (-1, *windows.counts, 1, channels))
        core = tf.reshape(whole, (maps, n, *windows.counts, channels))
        return Multiplier(core, windows.joined(of_place), windows.sizes)
    behind = _channels_last(passage.step, _rows(multiplier.whole()))
    behind = tf.reshape(behind, (maps, n, *windows.counts, 1, channels))
    rows = windows.summed(_rows(behind * of_place))
    if layer.data_format == "channels_first":
        rows = tf.transpose(rows, (0, rows.shape.rank - 1, *range(1, rows.shape.rank - 1)))
    return Multiplier(_by_map(rows, whole))


def _windows(step: Step, value: tf.Tensor) -> tuple[PoolingWindows, tf.Tensor]:
    value = _channels_last(step, value)
    windows = PoolingWindows.of(step.layer, tuple(value.shape[1:-1]))
    return windows, windows.cut(value)


def _first_largest(windows: tf.Tensor) -> tf.Tensor:
    """Where the largest number of each window is, the first of several. `bool`, same shape."""
    import tensorflow as tf

    places, axis = windows.shape[-2], windows.shape.rank - 2
    return tf.one_hot(tf.argmax(windows, axis), places, True, False, axis=axis)


def _channels_last(step: Step, value: tf.Tensor) -> tf.Tensor:
    import tensorflow as tf

    if step.layer.data_format == "channels_last" or value.shape.rank < 3:
        return value
    return tf.transpose(value, (0, *range(2, value.shape.rank), 1))


# Functions of two units


def _of_two(function: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]) -> Rule:
    """The rule for a function of two units, or of more that are joined one after the other."""

    def rule(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
        if len({len(shape) for shape in passage.shapes}) != 1:
            raise NoRuleError(passage.step.name)
        taken, found = passage.taken(), []
        all_joined = list(
            itertools.accumulate(taken, lambda one, other: tuple(map(function, one, other)))
        )
        for last, joined in zip(taken[:0:-1], all_joined[-2::-1], strict=True):
            of_last = _shapley_value(function, last, joined)
            of_joined = _shapley_value(function, joined, last)
            found.append(_summed_like(multiplier.times(of_last), last[0]))
            multiplier = _summed_like(multiplier.times(of_joined), joined[0])
        return [multiplier, *reversed(found)]

    return rule


def _shapley_value(
    function: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
    player: tuple[tf.Tensor, tf.Tensor],
    other: tuple[tf.Tensor, tf.Tensor],
) -> tf.Tensor:
    """Of one of two players, for each unit of his difference.

    Args:
        function: What both play, in whichever order.
        player: Of the image and of the background images.
        other: The other player's.
    """
    import tensorflow as tf

    (x, b), (x_other, b_other) = player, other
    # In shap's order, which tells in the last bits.
    joining_last = function(x, x_other) - function(b, x_other)
    share = 0.5 * (joining_last + function(x, b_other) - function(b, b_other)) / (x - b)
    return tf.where(tf.abs(x - b) < _NONE, tf.zeros_like(share), share)


def _summed_like(multiplier: Multiplier, taken: tf.Tensor) -> Multiplier:
    """Add up the multipliers of a unit that several units are made of."""
    import tensorflow as tf

    whole = multiplier.whole()
    pairs = zip(taken.shape[1:], whole.shape[2:], strict=True)
    repeated = [2 + axis for axis, (one, many) in enumerate(pairs) if one != many]
    return Multiplier(tf.reduce_sum(whole, repeated, keepdims=True) if repeated else whole)


def _product(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    return one * other


def _larger(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    import tensorflow as tf

    return tf.maximum(one, other)


def _smaller(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    import tensorflow as tf

    return tf.minimum(one, other)


# Normalisation of each image by itself


def _normalised(passage: Passage, multiplier: Multiplier) -> list[Multiplier]:
    """Mean, squares, their mean, its root and the quotient by it, one after the other.

    Of the quotient both are players. The quotients of differences of squares and of roots have
    closed forms, so that nothing is divided by a difference.
    """
    import tensorflow as tf

    whole = multiplier.whole()
    gain, shape, axes = _normalised_together(passage.step, passage.shapes[0])
    x, b = (tf.reshape(one, (-1, *shape)) for one in passage.taken()[0])
    x, b = (one - tf.reduce_mean(one, axes, keepdims=True) for one in (x, b))
    x_root, b_root = (
        tf.sqrt(tf.reduce_mean(one * one, axes, keepdims=True) + passage.step.layer.epsilon)
        for one in (x, b)
    )
    given = tf.reshape(whole * gain, (*lengths_of(whole)[:2], *shape))
    through_root = tf.reduce_mean(given * (x + b), axes, keepdims=True) * (
        -0.5 / (x_root * b_root * (x_root + b_root))
    )
    of_centred = given * ((1 / x_root + 1 / b_root) / 2) + through_root * (x + b)
    found = of_centred - tf.reduce_mean(of_centred, axes, keepdims=True)
    return [Multiplier(tf.reshape(found, lengths_of(whole)))]


def _normalised_together(
    step: Step, lengths: tuple[int, ...]
) -> tuple[tf.Tensor | float, tuple[int, ...], list[int]]:
    """Gain, the shape in which whole axes are normalised together, and these, from the end."""
    import tensorflow as tf

    layer, rank = step.layer, 1 + len(lengths)
    gain = 1.0 if layer.gamma is None else tf.cast(tf.convert_to_tensor(layer.gamma), tf.float32)
    if step.kind == "GroupNormalization":
        if layer.axis not in (-1, rank - 1):
            raise NoRuleError(step.name)
        shape = (*lengths[:-1], layer.groups, lengths[-1] // layer.groups)
        return gain, shape, [-1, *range(-len(shape), -2)]
    axes = [axis if axis < 0 else axis - rank for axis in layer.axis]
    if layer.rms_scaling or axes != sorted(axes):
        raise NoRuleError(step.name)
    if layer.gamma is not None:
        kept = [lengths[axis] if axis in axes else 1 for axis in range(-len(lengths), 0)]
        gain = tf.reshape(gain, kept)
    return gain, lengths, axes


def _each(rule: Rule, names: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), rule)


_LAYERS: dict[str, Rule] = {
    **_each(
        _linear,
        """
        Dense Conv1D Conv2D Conv2DTranspose DepthwiseConv2D SeparableConv2D AveragePooling1D
        AveragePooling2D GlobalAveragePooling1D GlobalAveragePooling2D UpSampling2D Resizing Add
        Subtract Average Concatenate
        """,
    ),
    **_each(_moved, "Flatten Reshape Permute ZeroPadding2D Cropping2D"),
    **_each(_scaled, "BatchNormalization Normalization Rescaling"),
    **_each(
        _passed,
        """
        Dropout SpatialDropout2D AlphaDropout GaussianNoise GaussianDropout RandomRotation
        RandomTranslation RandomZoom RandomFlip RandomContrast RandomBrightness
        """,
    ),
    **_each(_elementwise, "ReLU LeakyReLU PReLU ELU"),
    "Softmax": _softmax,
    **_each(_max_pooling, "MaxPooling1D MaxPooling2D GlobalMaxPooling1D GlobalMaxPooling2D"),
    "Multiply": _of_two(_product),
    "Maximum": _of_two(_larger),
    "Minimum": _of_two(_smaller),
    **_each(_normalised, "LayerNormalization GroupNormalization"),
}
"""The rule for each kind of layer, whose own activation function is a step behind it."""

_ACTIVATIONS: dict[str, Rule] = {
    "linear": _passed,
    "softmax": _softmax,
    **_each(
        _elementwise,
        """
        relu relu6 leaky_relu elu selu celu silu gelu softplus softsign sigmoid tanh exponential
        mish log_sigmoid hard_sigmoid hard_silu hard_tanh hard_shrink soft_shrink tanh_shrink
        sparse_plus sparse_sigmoid squareplus threshold
        """,
    ),
}
"""The rule for each activation function, by Keras's name."""
