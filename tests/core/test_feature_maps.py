"""Feature maps are what scipy and numpy work out by hand; filters and summary are the model's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate2d

from mnist_core.datasets import load_dataset
from mnist_core.errors import CheckpointError, ExplanationError
from mnist_core.inference.feature_maps import LayerMaps, feature_maps, first_filters, model_summary
from mnist_core.recipes import find_recipe


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return load_dataset("mnist-5k").split("validation").images[321]


@pytest.fixture(scope="module")
def model_file(tmp_path_factory) -> Path:
    """simple-conv with weights and biases drawn at random."""
    import keras

    keras.utils.set_random_seed(0)
    model = find_recipe("simple-conv").build()
    random = np.random.default_rng(0)
    model.set_weights([random.normal(0, 0.1, w.shape) for w in model.get_weights()])
    path = tmp_path_factory.mktemp("random") / "epoch-01.keras"
    model.save(path)
    return path


@pytest.fixture(scope="module")
def save_network(tmp_path_factory) -> Callable[..., Path]:
    """A function that saves a Sequential of the given layers between pixels and ten classes."""
    import keras

    def save(*layers: keras.Layer) -> Path:
        path = tmp_path_factory.mktemp("network") / "epoch-01.keras"
        ends = (keras.layers.Flatten(), keras.layers.Dense(10, "softmax"))
        keras.Sequential([keras.Input((28, 28)), *layers, *ends]).save(path)
        return path

    return save


def convolution_and_pooling(model_file: Path, image: np.ndarray) -> tuple[LayerMaps, LayerMaps]:
    return feature_maps(model_file, image, 1), feature_maps(model_file, image, 2)


@pytest.mark.parametrize("channel", [0, 13, 31])
def test_a_convolution_s_map_is_the_scaled_image_correlated_with_its_filter(
    model_file, image, channel
):
    import keras

    kernel, bias = keras.saving.load_model(model_file).get_layer("conv").get_weights()
    correlated = correlate2d(image / 255, kernel[:, :, 0, channel], mode="valid")
    by_hand = np.maximum(correlated + bias[channel], 0)
    convolution, _ = convolution_and_pooling(model_file, image)
    assert by_hand.max() > 0
    np.testing.assert_allclose(convolution.maps[channel], by_hand, atol=1e-6)


def test_a_pooling_layer_s_map_holds_the_largest_of_each_two_by_two(model_file, image):
    convolution, pooling = convolution_and_pooling(model_file, image)
    by_hand = convolution.maps.reshape(32, 13, 2, 13, 2).max(axis=(2, 4))
    np.testing.assert_allclose(pooling.maps, by_hand, atol=1e-6)


def test_the_strongest_channel_comes_first_and_the_lower_among_equals(model_file, image):
    for layer in convolution_and_pooling(model_file, image):
        means = layer.maps.mean(axis=(1, 2), dtype=np.float64).tolist()
        assert layer.strongest.tolist() == sorted(range(32), key=lambda c: (-means[c], c))


def test_silent_channels_come_last_and_keep_their_order(save_network, image):
    import keras

    convolution = keras.layers.Conv2D(5, 3, kernel_initializer="zeros", name="conv")
    path = save_network(keras.layers.Reshape((28, 28, 1)), convolution)
    model = keras.saving.load_model(path)
    kernel, bias = model.get_layer("conv").get_weights()
    kernel[..., 3], bias[1] = 1, 5  # the one sees the image, the other says 5 of any image
    model.get_layer("conv").set_weights([kernel, bias])
    model.save(path)
    layer = feature_maps(path, image, 1)
    assert layer.silent.tolist() == [True, True, True, False, True]
    assert layer.strongest.tolist() == [3, 1, 0, 2, 4]


def test_feature_maps_are_read_only(model_file, image):
    for layer in convolution_and_pooling(model_file, image):
        for array in (layer.maps, layer.strongest, layer.silent):
            assert not array.flags.writeable


def test_a_sequential_of_several_convolutions_answers_layer_by_layer(save_network, image):
    import keras

    network = save_network(
        keras.layers.Rescaling(1 / 255),
        keras.layers.Reshape((28, 28, 1)),
        keras.layers.Conv2D(4, 5, padding="same"),
        keras.layers.AveragePooling2D(2),
        keras.layers.DepthwiseConv2D(3),
    )
    layers = [feature_maps(network, image, number) for number in (1, 2, 3)]
    assert [layer.stage.kind for layer in layers] == [
        "Conv2D",
        "AveragePooling2D",
        "DepthwiseConv2D",
    ]
    assert [layer.maps.shape for layer in layers] == [(4, 28, 28), (4, 14, 14), (4, 12, 12)]
    means = layers[0].maps.reshape(4, 14, 2, 14, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(layers[1].maps, means, atol=1e-6)


def test_what_is_not_one_image_is_refused(model_file, image):
    with pytest.raises(ExplanationError, match=r"Received: float64 of shape \(28, 28\)"):
        feature_maps(model_file, image / 255, 1)
    with pytest.raises(ExplanationError, match=r"Received: uint8 of shape \(1, 28, 28\)"):
        feature_maps(model_file, image[np.newaxis], 1)


def test_a_missing_model_is_an_error_of_the_checkpoint(tmp_path, image):
    missing = tmp_path / "epoch-09.keras"
    for look in (lambda: feature_maps(missing, image, 1), lambda: first_filters(missing)):
        with pytest.raises(CheckpointError, match=r"epoch-09\.keras"):
            look()
    with pytest.raises(CheckpointError, match=r"epoch-09\.keras"):
        model_summary(missing)


def test_filters_are_the_kernels_of_the_first_convolution(model_file):
    import keras

    kernel = keras.saving.load_model(model_file).get_layer("conv").get_weights()[0]
    filters = first_filters(model_file)
    assert filters.layer == "conv"
    assert filters.weights.shape == (32, 3, 3)
    assert filters.weights.dtype == np.float32
    assert not filters.weights.flags.writeable
    assert np.array_equal(filters.weights[7], kernel[:, :, 0, 7])
    assert filters.reason == ""


def test_a_dense_model_has_units_and_shows_what_its_first_units_look_for(save_network, image):
    import keras

    dense = save_network(keras.layers.Flatten(), keras.layers.Dense(6, "relu", name="hidden"))
    kernel = keras.saving.load_model(dense).get_layer("hidden").get_weights()[0]
    assert feature_maps(dense, image, 1).maps.shape == (6, 1, 1)
    filters = first_filters(dense)
    assert filters.layer == "hidden"
    assert filters.weights.shape == (6, 28, 28)
    seen = (filters.weights * image.astype(np.float32)).sum(axis=(1, 2))
    np.testing.assert_allclose(seen, image.ravel() @ kernel, rtol=1e-4)


def test_a_dense_layer_that_does_not_look_at_pixels_shows_no_filters_and_says_why(save_network):
    import keras

    recurrent = save_network(keras.layers.LSTM(3), keras.layers.Dense(5, name="late"))
    filters = first_filters(recurrent)
    assert filters.weights.shape == (0, 0, 0)
    assert filters.layer == ""
    assert filters.reason == "Its first dense layer, late, does not look at 28×28 pixels."


def test_a_model_without_convolution_and_dense_layers_shows_no_filters(tmp_path):
    import keras

    pixels = keras.Input((28, 28))
    keras.Model(pixels, keras.layers.LSTM(10)(pixels)).save(tmp_path / "epoch-01.keras")
    filters = first_filters(tmp_path / "epoch-01.keras")
    assert filters.weights.shape == (0, 0, 0)
    assert filters.reason == "It has neither a convolution nor a dense layer."


def test_the_summary_of_simple_conv_adds_up_to_693_962_parameters(model_file):
    rows = model_summary(model_file)
    assert sum(row.parameters for row in rows) == 693_962
    by_name = {row.layer: (row.kind, row.output_shape, row.parameters) for row in rows}
    assert by_name["conv"] == ("Conv2D", (26, 26, 32), 320)
    assert by_name["pool"] == ("MaxPooling2D", (13, 13, 32), 0)
    assert by_name["flatten"] == ("Flatten", (5_408,), 0)
    assert by_name["hidden"] == ("Dense", (128,), 692_352)
    assert by_name["probabilities"] == ("Dense", (10,), 1_290)
    assert [rows[0].layer, rows[-1].layer] == ["grey_levels", "probabilities"]


def test_a_file_that_is_replaced_is_read_anew(save_network, image):
    import keras

    path = save_network(keras.layers.Flatten(), keras.layers.Dense(6))
    assert first_filters(path).weights.shape[0] == 6
    other = save_network(keras.layers.Flatten(), keras.layers.Dense(9))
    other.replace(path)
    assert first_filters(path).weights.shape[0] == 9
