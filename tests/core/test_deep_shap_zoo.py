"""Deep SHAP of networks of each kind of layer: complete, and shap's own values where it has any."""
# ruff: noqa: N803 - L is Keras's layers, of which everything here is made

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mnist_core.datasets import load_dataset
from mnist_core.errors import UnfitMethodError
from mnist_core.explainers import EXPLAINERS, Attribution, background

if TYPE_CHECKING:
    import keras
    from keras import KerasTensor as Tensor

Layers = ModuleType
Network = Callable[[Layers, "Tensor"], "Tensor"]


def build(name: str) -> keras.Model:
    """One of `NETWORKS` or `WITHOUT_RULES`, with random weights that are all at work."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    pixels = keras.Input((28, 28))
    make = (NETWORKS | WITHOUT_RULES)[name]
    model = keras.Model(pixels, make(layers, layers.Rescaling(1 / 255)(pixels)))
    random = np.random.default_rng(0)
    for weight in model.weights:
        kind = weight.path.rsplit("/", 1)[-1]
        if kind in {"bias", "beta", "moving_mean", "mean"}:
            weight.assign(random.normal(0, 0.2, weight.shape))
        elif kind in {"gamma", "moving_variance", "variance", "alpha"}:
            weight.assign(random.uniform(0.3, 1.5, weight.shape))
    return model


def _classes(L: Layers, x: Tensor, end: str | None = None) -> Tensor:
    return L.Dense(3, end)(L.Flatten()(x))


def _dense(L: Layers, x: Tensor, *layers: keras.Layer) -> Tensor:
    """Layers behind a dense one, one after the other."""
    x = L.Dense(12)(L.Flatten()(x))
    for layer in layers:
        x = layer(x)
    return _classes(L, x)


def _map(L: Layers, x: Tensor, *layers: keras.Layer) -> Tensor:
    """Layers on a map, one after the other."""
    x = L.Reshape((28, 28, 1))(x)
    for layer in layers:
        x = layer(x)
    return _classes(L, x)


def _conv(L: Layers, filters: int = 4, size: int = 3, **options: object) -> keras.Layer:
    return L.Conv2D(filters, size, **{"activation": "relu", **options})


def _residual(L: Layers, x: Tensor) -> Tensor:
    x = _conv(L, padding="same")(L.Reshape((28, 28, 1))(x))
    return _classes(L, L.ReLU()(L.Add()([x, _conv(L, padding="same", activation=None)(x)])))


def _difference(L: Layers, x: Tensor) -> Tensor:
    x = L.Flatten()(x)
    one, other = L.Dense(8, "relu")(x), L.Dense(8, "tanh")(x)
    return _classes(L, L.Concatenate()([L.Subtract()([one, other]), L.Average()([one, other])]))


def _inception(L: Layers, x: Tensor) -> Tensor:
    x = L.Reshape((28, 28, 1))(x)
    kinds = [_conv(L, 2, 1), _conv(L, 2, 3, padding="same"), L.MaxPooling2D(3, 1, "same")]
    return _classes(L, L.MaxPooling2D()(L.Concatenate()([layer(x) for layer in kinds])))


def _squeezed(L: Layers, x: Tensor) -> Tensor:
    x = _conv(L)(L.Reshape((28, 28, 1))(x))
    gate = L.Dense(4, "sigmoid")(L.GlobalAveragePooling2D()(x))
    return _classes(L, L.Multiply()([x, L.Reshape((1, 1, 4))(gate)]))


def _joined(joining: str) -> Network:
    def make(L: Layers, x: Tensor) -> Tensor:
        x = L.Flatten()(x)
        return _classes(L, getattr(L, joining)()([L.Dense(8, "tanh")(x) for _ in range(3)]))

    return make


def _nested(L: Layers, x: Tensor) -> Tensor:
    import keras

    inner = keras.Sequential([L.Input((28, 28, 1)), _conv(L), L.MaxPooling2D(), _conv(L, 3)])
    given = L.Input((28, 28, 1))
    outer = keras.Model(given, L.Dropout(0.2)(inner(given)))
    return _classes(L, outer(L.Reshape((28, 28, 1))(x)))


def _shared(L: Layers, x: Tensor) -> Tensor:
    x = L.Reshape((28, 28, 1))(x)
    layer = _conv(L, padding="same")
    return _classes(L, L.Add()([layer(x), layer(L.AveragePooling2D(3, 1, "same")(x))]))


def _twice(L: Layers, x: Tensor) -> Tensor:
    """What is one layer's answer to itself again."""
    layer = L.Dense(12, "relu")
    return _classes(L, layer(layer(L.Dense(12, "relu")(L.Flatten()(x)))))


def _gated(L: Layers, x: Tensor) -> Tensor:
    x = L.Flatten()(x)
    return _classes(L, L.Multiply()([L.Dense(6, "softmax")(x), L.Dense(6, "relu")(x)]))


def _pixels_beside(L: Layers, x: Tensor) -> Tensor:
    """Pixels that go three ways: as they are, through a convolution, and squashed."""
    convolved = L.Flatten()(_conv(L)(L.Reshape((28, 28, 1))(x)))
    return _classes(
        L, L.Concatenate()([L.Flatten()(x), convolved, L.Flatten()(L.Activation("tanh")(x))])
    )


def _attention(L: Layers, x: Tensor) -> Tensor:
    return _classes(L, L.MultiHeadAttention(1, 4)(x, x))


ACTIVATIONS = [
    "relu",
    "elu",
    "selu",
    "silu",
    "gelu",
    "softplus",
    "softsign",
    "sigmoid",
    "tanh",
    "exponential",
    "mish",
    "relu6",
    "hard_sigmoid",
    "leaky_relu",
    "linear",
]

NETWORKS: dict[str, Network] = {
    **{
        f"dense with {name}": lambda L, x, name=name: _dense(L, x, L.Activation(name))
        for name in ACTIVATIONS
    },
    "LeakyReLU": lambda L, x: _dense(L, x, L.LeakyReLU(0.2)),
    "PReLU": lambda L, x: _dense(L, x, L.PReLU()),
    "ELU": lambda L, x: _dense(L, x, L.ELU(0.7)),
    "ReLU of many parts": lambda L, x: _dense(L, x, L.ReLU(max_value=0.5, negative_slope=0.1)),
    "dropout and noise": lambda L, x: _dense(L, x, L.Dropout(0.5), L.GaussianNoise(1.0), L.ReLU()),
    "convolution": lambda L, x: _map(L, x, _conv(L), _conv(L, 5, strides=2)),
    "convolution and pooling": lambda L, x: _map(
        L, x, _conv(L), L.MaxPooling2D(), _conv(L), L.MaxPooling2D()
    ),
    "pooling with a rest": lambda L, x: _map(
        L, x, _conv(L, 3, 4, padding="same"), L.MaxPooling2D(3), _conv(L), L.MaxPooling2D(2)
    ),
    "pooling of pools": lambda L, x: _map(L, x, _conv(L), L.MaxPooling2D(), L.MaxPooling2D(3)),
    "overlapping pooling": lambda L, x: _map(
        L, x, _conv(L), L.MaxPooling2D(3, 2), _conv(L), L.MaxPooling2D(3, 2, "same")
    ),
    "pooling of pixels": lambda L, x: _map(L, x, L.MaxPooling2D(), _conv(L)),
    "average pooling": lambda L, x: _map(
        L, x, _conv(L), L.AveragePooling2D(2), _conv(L), L.AveragePooling2D(3, 2, "same")
    ),
    "global average": lambda L, x: _map(L, x, _conv(L), _conv(L), L.GlobalAveragePooling2D()),
    "global maximum": lambda L, x: _map(L, x, _conv(L), _conv(L), L.GlobalMaxPooling2D()),
    "strided and dilated": lambda L, x: _map(
        L, x, _conv(L, 4, 5, strides=(2, 3), padding="same"), _conv(L, dilation_rate=2)
    ),
    "dilated pixels": lambda L, x: _map(L, x, _conv(L, dilation_rate=3), L.MaxPooling2D()),
    "grouped": lambda L, x: _map(L, x, _conv(L), _conv(L, 4, groups=2)),
    "one dimension": lambda L, x: _classes(
        L, L.MaxPooling1D()(L.Conv1D(6, 3, activation="relu", padding="causal")(x))
    ),
    "one dimension, global": lambda L, x: _classes(
        L, L.GlobalMaxPooling1D()(L.Conv1D(6, 5, activation="tanh")(x))
    ),
    "transposed": lambda L, x: _map(
        L, x, _conv(L, strides=2), L.Conv2DTranspose(3, 3, strides=2, activation="relu")
    ),
    "depthwise": lambda L, x: _map(
        L, x, _conv(L), L.DepthwiseConv2D(3, depth_multiplier=2, activation="relu")
    ),
    "separable": lambda L, x: _map(
        L, x, L.SeparableConv2D(4, 3, activation="relu"), L.MaxPooling2D()
    ),
    "normalised by batch": lambda L, x: _map(
        L,
        x,
        _conv(L, activation=None),
        L.BatchNormalization(),
        L.ReLU(),
        L.MaxPooling2D(),
        L.BatchNormalization(),
    ),
    "normalised by batch, linear": lambda L, x: _map(
        L, x, _conv(L, activation=None), L.BatchNormalization(), L.AveragePooling2D(2)
    ),
    "normalised by layer": lambda L, x: _dense(L, x, L.LayerNormalization(), L.ReLU()),
    "normalised by layer, map": lambda L, x: _map(
        L, x, _conv(L), L.LayerNormalization(axis=[1, 2, 3]), _conv(L)
    ),
    "normalised by group": lambda L, x: _map(L, x, _conv(L), L.GroupNormalization(2), L.ReLU()),
    "normalised pixels": lambda L, x: _classes(
        L, L.Dense(8, "relu")(L.Flatten()(L.Normalization(mean=0.1, variance=0.09)(x)))
    ),
    "pixels of unit length": lambda L, x: _classes(
        L, L.Dense(8, "relu")(L.UnitNormalization()(L.Flatten()(x)))
    ),
    "moved": lambda L, x: _map(
        L,
        x,
        L.ZeroPadding2D(2),
        L.Permute((2, 1, 3)),
        L.Cropping2D(((3, 0), (1, 4))),
        _conv(L),
        L.Permute((3, 1, 2)),
        L.Cropping2D(1),
        L.ZeroPadding2D(1),
    ),
    "resized": lambda L, x: _map(
        L,
        x,
        L.Resizing(20, 24),
        _conv(L),
        L.UpSampling2D(),
        L.MaxPooling2D(3),
        L.UpSampling2D(interpolation="bilinear"),
    ),
    "residual": _residual,
    "difference and mean": _difference,
    "inception": _inception,
    "squeezed": _squeezed,
    "product of three": _joined("Multiply"),
    "maximum": _joined("Maximum"),
    "minimum": _joined("Minimum"),
    "nested": _nested,
    "shared": _shared,
    "applied to itself": _twice,
    "gated by softmax": _gated,
    "pixels beside": _pixels_beside,
    "sigmoids": lambda L, x: _classes(L, L.Dense(3, "relu")(x), "sigmoid"),
    "softmax": lambda L, x: _classes(L, L.Dense(3, "relu")(x), "softmax"),
    "softmax as a layer": lambda L, x: L.Softmax()(_classes(L, L.Dense(8, "relu")(x))),
    "softmax behind convolution": lambda L, x: L.Softmax()(
        _map(L, x, _conv(L), L.MaxPooling2D(), _conv(L, 2))
    ),
}
"""By name; each takes scaled pixels and answers for three classes.

Most end in scores. With softmax, shap divides by differences of logits: where one is almost 0, its
values in single precision depend on the last bits of the logits.
"""

WITHOUT_RULES: dict[str, Network] = {
    "product of unlike shapes": lambda L, x: _classes(
        L, L.Multiply()([x, L.Dense(28)(L.Flatten()(x))])
    ),
    "LSTM": lambda L, x: _classes(L, L.LSTM(4, name="reader")(x)),
    "attention": _attention,
    "unit length of units": lambda L, x: _dense(L, x, L.UnitNormalization()),
}

DEEP_SHAP = EXPLAINERS["deep-shap"]

NOT_BY_SHAP = {
    *("dense with gelu", "dense with softsign", "dense with relu6"),
    *("dense with hard_sigmoid", "dense with leaky_relu"),
    *("LeakyReLU", "PReLU", "ELU", "ReLU of many parts", "global maximum", "strided and dilated"),
    *("dilated pixels", "one dimension, global", "transposed", "depthwise", "separable"),
    *("normalised by layer", "normalised by layer, map", "normalised by group", "resized"),
    "squeezed",
}
"""Networks that shap refuses to explain."""

WRONG_BY_SHAP = {"dense with silu"}
"""Networks whose values of shap do not add up."""

FROM_BEHIND = {"pixels of unit length"}
"""Networks that are explained from behind where they divide all pixels by one number."""

BY_SHAP = sorted(set(NETWORKS) - NOT_BY_SHAP - WRONG_BY_SHAP - FROM_BEHIND)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return load_dataset("mnist-5k").split("validation")


@pytest.fixture(scope="module")
def few(digits) -> np.ndarray:
    return background(digits, n=7, seed=3)


@pytest.fixture(scope="module")
def models() -> dict[str, keras.Model]:
    """Every network of the zoo."""
    return {name: build(name) for name in NETWORKS}


@pytest.fixture(scope="module")
def model_files(models, tmp_path_factory) -> dict[str, Path]:
    """Every network of the zoo, saved."""
    files = {name: tmp_path_factory.mktemp("zoo") / "epoch-01.keras" for name in models}
    for name, path in files.items():
        models[name].save(path)
    return files


@pytest.fixture(scope="module")
def explained(model_files, digits, few) -> dict[str, Attribution]:
    return {
        name: DEEP_SHAP.explain(path, digits.images[555], few) for name, path in model_files.items()
    }


@pytest.fixture(scope="module")
def by_shap(models, digits, few) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Values and base values by shap alone, of the networks that it explains as we do."""
    given, found = digits.images[[555]].astype(np.float32), {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap

        for name in BY_SHAP:
            explainer = shap.DeepExplainer(models[name], few.astype(np.float32))
            values = explainer.shap_values(given, check_additivity=False)[0]
            found[name] = np.moveaxis(values, -1, 0), np.asarray(explainer.expected_value)
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_base_value_and_pixels_add_up_to_the_answer(name, explained, models, digits):
    found = explained[name]
    answer = models[name](digits.images[[555]].astype(np.float32)).numpy()[0]
    sums = found.base_value + found.values.sum(axis=(1, 2))
    np.testing.assert_allclose(sums, answer, atol=1e-5, rtol=1e-5)
    np.testing.assert_allclose(found.output, answer, atol=1e-6, rtol=1e-5)
    assert np.abs(found.values).max() > 1e-4


@pytest.mark.parametrize("name", BY_SHAP)
def test_values_are_those_of_shap(name, explained, by_shap):
    found, (values, base_value) = explained[name], by_shap[name]
    scale = np.maximum(1, np.abs(found.output))[:, np.newaxis, np.newaxis]
    assert np.abs(found.values - values).max() < 1e-5 * scale.max()
    assert (np.abs(found.values - values) < 1e-5 * scale).all()
    np.testing.assert_allclose(found.base_value, base_value, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", WITHOUT_RULES)
def test_a_layer_without_a_rule_is_named(name, tmp_path, digits, few):
    path = tmp_path / "epoch-01.keras"
    model = build(name)
    model.save(path)
    kind = {
        "product of unlike shapes": "Multiply",
        "LSTM": "LSTM",
        "attention": "MultiHeadAttention",
        "unit length of units": "UnitNormalization",
    }[name]
    with pytest.raises(UnfitMethodError, match=rf"Received: the layer \w+ \({kind}\)"):
        DEEP_SHAP.explain(path, digits.images[555], few)
