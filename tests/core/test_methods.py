"""The methods beside Deep SHAP agree with closed forms, brute force and gradients taken by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import Split, load_dataset
from mnist_core.errors import UnfitMethodError
from mnist_core.explainers import EXPLAINERS, Target, background
from mnist_core.explainers.gradients import gradients, prepared
from mnist_core.inference.prediction import predict
from mnist_core.runs import read_run

MODELS = Path(__file__).parents[2] / "models"

ADDITIVE = ["deep-shap", "expected-gradients", "integrated-gradients", "linear"]


@pytest.fixture(scope="module")
def digits() -> Split:
    return load_dataset("mnist-5k").split("validation")


@pytest.fixture(scope="module")
def few(digits) -> np.ndarray:
    return background(digits, n=9, seed=1)


@pytest.fixture
def save(tmp_path) -> Callable[..., Path]:
    """A function that saves a network of layers behind scaled pixels."""
    import keras

    def save(*layers: keras.Layer) -> Path:
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), *layers])
        path = tmp_path / "epoch-01.keras"
        model.save(path)
        return path

    return save


@pytest.fixture
def linear(save) -> tuple[Path, np.ndarray]:
    """A model that is linear up to its softmax, and its weights a grey level, (784, 4)."""
    import keras

    path = save(keras.layers.Flatten(), keras.layers.Dense(4, "softmax"))
    return path, keras.saving.load_model(path).get_weights()[0].astype(np.float64) / 255


@pytest.mark.parametrize("method", ADDITIVE)
def test_of_a_linear_model_each_pixel_adds_its_weight_times_its_difference(
    method, linear, digits, few
):
    path, weights = linear
    found = EXPLAINERS[method].explain(path, digits.images[3], few, of="logit")
    difference = digits.images[3].astype(np.float64) - few.mean(axis=0)
    expected = weights.T.reshape(4, 28, 28) * difference
    np.testing.assert_allclose(found.values, expected, atol=1e-5)
    assert found.completeness_gap < 1e-5
    assert np.abs(expected).max() > 0.05


@pytest.mark.parametrize("run", ["linear-l1", "linear-l2", "linear-elasticnet"])
def test_scores_of_a_bundled_linear_run_are_explained_as_scores(run, digits, few):
    checkpoint = read_run(MODELS, run).checkpoints[-1]
    found = EXPLAINERS["linear"].explain(checkpoint.path, digits.images[3], few)
    deep = EXPLAINERS["deep-shap"].explain(checkpoint.path, digits.images[3], few)
    np.testing.assert_allclose(found.values, deep.values, atol=1e-5)
    np.testing.assert_allclose(found.output, predict(checkpoint.path, digits.images[[3]])[0])


def test_what_is_no_weighted_sum_of_pixels_is_refused_by_linear_shap(save, linear, digits, few):
    import keras

    method = EXPLAINERS["linear"]
    with pytest.raises(UnfitMethodError, match=r"probabilities, .* Explain logits"):
        method.explain(linear[0], digits.images[3], few)
    layers = keras.layers
    bent = save(layers.Flatten(), layers.Dense(4, "relu", name="bent"), layers.Dense(4))
    with pytest.raises(UnfitMethodError, match=r"the layer bent \(Dense\), which is not linear"):
        method.explain(bent, digits.images[3], few, of="logit")
    # Nor is it told to explain logits where these are no weighted sums either.
    bent = save(layers.Flatten(), layers.Dense(4, "relu", name="bent"), layers.Dense(4, "softmax"))
    with pytest.raises(UnfitMethodError, match=r"the layer bent \(Dense\), which is not linear"):
        method.explain(bent, digits.images[3], few)
    odd = save(layers.LSTM(4, name="reader"))
    with pytest.raises(UnfitMethodError, match=r"the layer reader \(LSTM\)"):
        method.explain(odd, digits.images[3], few, of="logit")


@pytest.fixture
def smooth(save) -> Path:
    from keras import layers

    return save(layers.Flatten(), layers.Dense(8, "tanh"), layers.Dense(4, "softmax"))


@pytest.mark.parametrize("method", ["expected-gradients", "integrated-gradients"])
@pytest.mark.parametrize("of", ["probability", "logit"])
def test_slopes_along_ways_add_up_for_a_smooth_model(method, of, smooth, digits, few):
    found = EXPLAINERS[method].explain(smooth, digits.images[3], few, of=of)
    assert found.completeness_gap < 1e-4
    assert np.abs(found.values).max() > 1e-3


def test_expected_gradients_are_the_mean_of_integrated_ones_from_each_image(smooth, digits, few):
    image = digits.images[3]
    expected = [
        EXPLAINERS["integrated-gradients"].explain(smooth, image, few[[i]]).values
        for i in range(len(few))
    ]
    found = EXPLAINERS["expected-gradients"].explain(smooth, image, few)
    np.testing.assert_allclose(found.values, np.mean(expected, axis=0), atol=1e-5)


def test_integrated_gradients_start_at_the_mean_background_image(smooth, digits, few):
    import keras

    found = EXPLAINERS["integrated-gradients"].explain(smooth, digits.images[3], few)
    mean = few.mean(axis=0, keepdims=True).astype(np.float32)
    answer = keras.saving.load_model(smooth).predict(mean, verbose=0)[0]
    np.testing.assert_allclose(found.base_value, answer, atol=1e-6)


def test_where_pixels_are_divided_by_their_length_ways_begin_behind_that(digits, few):
    path = read_run(MODELS, "mlp-128-128").checkpoints[-1].path
    image = digits.images[3]
    lengths = np.linalg.norm(image.astype(np.float64), axis=0)
    expected = np.divide(image, lengths, out=np.zeros((28, 28)), where=lengths > 0)
    np.testing.assert_allclose(prepared(path, image[np.newaxis])[0], expected, atol=1e-6)
    method = EXPLAINERS["integrated-gradients"]
    assert method.keeps_its_promise(method.explain(path, image, few))


def test_pixels_that_two_layers_take_are_not_taken_for_prepared_ones(tmp_path, digits):
    import keras

    pixels = keras.Input((28, 28))
    flat = keras.layers.Flatten()(pixels)
    both = keras.layers.Concatenate()([flat, keras.layers.UnitNormalization()(flat)])
    path = tmp_path / "epoch-01.keras"
    keras.Model(pixels, keras.layers.Dense(3)(both)).save(path)
    np.testing.assert_array_equal(prepared(path, digits.images[:2]), digits.images[:2])


def test_occlusion_is_the_mean_fall_under_the_windows_that_cover_a_pixel(smooth, digits, few):
    import keras

    image, mean = digits.images[3], few.mean(axis=0)
    found = EXPLAINERS["occlusion"].explain(smooth, image, few)
    model = keras.saving.load_model(smooth)

    def answer(one: np.ndarray) -> np.ndarray:
        return model.predict(one[np.newaxis].astype(np.float32), verbose=0)[0]

    falls = []
    for top in (10, 12):  # the windows of 4 × 4 pixels that cover row 13, column 14
        for left in (12, 14):
            covered = image.astype(np.float64)
            covered[top : top + 4, left : left + 4] = mean[top : top + 4, left : left + 4]
            falls.append(answer(image) - answer(covered))
    np.testing.assert_allclose(found.values[:, 13, 14], np.mean(falls, axis=0), atol=1e-6)
    assert np.isnan(found.base_value).all()


def test_grad_cam_weighs_the_last_maps_by_their_mean_slopes(save, digits, few):
    import keras
    import tensorflow as tf

    layers = keras.layers
    path = save(
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(3, 5, activation="tanh"),
        layers.MaxPooling2D(name="last"),
        layers.Flatten(),
        layers.Dense(4, "softmax"),
    )
    found = EXPLAINERS["grad-cam"].explain(path, digits.images[3], few)
    model = keras.saving.load_model(path)
    both = keras.Model(model.inputs, [model.get_layer("last").output, model.outputs[0]])
    for label in range(4):
        with tf.GradientTape() as tape:
            maps, answer = both(tf.constant(digits.images[[3]], tf.float32))
            tape.watch(maps)
            answer = model.layers[-1](model.layers[-2](maps))[:, label]
        weights = tape.gradient(answer, maps).numpy().mean(axis=(0, 1, 2))
        cam = np.maximum((maps.numpy()[0] * weights).sum(axis=-1), 0)
        expected = tf.image.resize(cam[..., np.newaxis], (28, 28)).numpy()[..., 0]
        np.testing.assert_allclose(found.values[label], expected, atol=1e-6)
    assert found.values.max() > 0
    assert (found.n_background, np.isnan(found.base_value).all()) == (0, True)
    both_ways = EXPLAINERS["grad-cam"].explain(
        path, digits.images[3], few, of="difference", classes=(1, 2)
    )
    opposite = EXPLAINERS["grad-cam"].explain(
        path, digits.images[3], few, of="difference", classes=(2, 1)
    )
    assert both_ways.values.min() < 0 < both_ways.values.max()
    np.testing.assert_allclose(both_ways.values, -opposite.values, atol=1e-6)


def test_a_network_that_reads_line_by_line_is_explained_by_expected_gradients(save, digits, few):
    from keras import layers

    reader = save(layers.LSTM(8), layers.Dense(4, "softmax"))
    found = EXPLAINERS["deep-shap"].explain_somehow(reader, digits.images[3], few, of="logit")
    assert found.method == "expected-gradients"
    assert found.completeness_gap < 1e-3
    assert np.abs(found.values.sum(axis=(1, 2))).max() > 1e-2


def test_grad_cam_makes_as_many_maps_at_a_time_as_fit_into_memory(save, digits, few, monkeypatch):
    from keras import layers

    path = save(
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(3, 5),
        layers.Flatten(),
        layers.Dense(4, "softmax"),
    )
    at_once = EXPLAINERS["grad-cam"].explain(path, digits.images[3], few, of="logit")
    asked = []
    monkeypatch.setattr(
        "mnist_core.explainers.grad_cam.images_at_once",
        lambda model, *, copies: asked.append(copies) or 3,
    )
    in_parts = EXPLAINERS["grad-cam"].explain(path, digits.images[3], few, of="logit")
    assert asked
    assert at_once.values.max() > 0
    np.testing.assert_allclose(in_parts.values, at_once.values, atol=1e-6)
    np.testing.assert_allclose(in_parts.output, at_once.output, atol=1e-6)


def test_grad_cam_asks_for_maps(smooth, digits, few):
    with pytest.raises(UnfitMethodError, match="Expected a model with maps"):
        EXPLAINERS["grad-cam"].explain(smooth, digits.images[3], few)


def test_grad_cam_does_not_take_pixels_for_maps(save, digits, few):
    from keras import layers

    path = save(
        layers.Reshape((28, 28, 1)),
        layers.ZeroPadding2D(),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(4, "softmax"),
    )
    with pytest.raises(UnfitMethodError, match="Expected a model with maps"):
        EXPLAINERS["grad-cam"].explain(path, digits.images[3], few)


def test_gradients_of_several_maps_are_those_of_each_alone(smooth, digits, monkeypatch):
    images = digits.images[:2]
    alone = [gradients(smooth, images, Target("logit", (label,)))[0] for label in range(4)]
    assert np.abs(alone).max() > 0
    np.testing.assert_allclose(gradients(smooth, images, Target("logit")), alone, atol=1e-8)
    monkeypatch.setattr("mnist_core.explainers.gradients.MAPS_AT_ONCE", 3)
    np.testing.assert_allclose(gradients(smooth, images, Target("logit")), alone, atol=1e-8)


def test_partition_shap_finds_the_one_pixel_that_a_model_looks_at(save, digits, few):
    import keras

    path = save(keras.layers.Flatten(), keras.layers.Dense(2))
    model = keras.saving.load_model(path)
    kernel, bias = (np.zeros_like(weight) for weight in model.get_weights())
    kernel[13 * 28 + 14, 1] = 255
    model.set_weights([kernel, bias])
    model.save(path)
    image = digits.images[3].copy()
    image[13, 14] = 250
    found = EXPLAINERS["partition"].explain(path, image, few)
    added = 250 - few[:, 13, 14].mean()
    # The last rectangles that a thousand questions leave are pairs of pixels.
    np.testing.assert_allclose(found.values[1, 13, 13:16].sum(), added, rtol=1e-5)
    assert np.abs(found.values).argmax() == 784 + 13 * 28 + 14
    assert np.count_nonzero(np.abs(found.values) > 1e-3) <= 2
    np.testing.assert_allclose(found.base_value, [0, few[:, 13, 14].mean()], atol=1e-3)
