"""A model's layers as stages, its patches, and its channels on and off, held against oracles.

One network with random weights has all that is difficult: models that are layers, a layer used
twice, a skip connection, groups, strides, dilation, padding on both sides.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import Split, load_dataset
from mnist_core.errors import ExplanationError
from mnist_core.files.cache_files import EFFECTS
from mnist_core.inference.channel_differences import NONE_OFF, differences_block
from mnist_core.inference.channel_effects import channel_effects, some_of
from mnist_core.inference.channels_off import (
    Off,
    predict_first_without,
    predict_split_without,
    predict_without,
)
from mnist_core.inference.feature_maps import feature_maps
from mnist_core.inference.layer_stages import Stage, layer_stages
from mnist_core.inference.patch_sums import patch_sum
from mnist_core.inference.prediction import predict
from mnist_core.runs import Checkpoint

CELL = (4, 9)


@pytest.fixture(scope="module")
def split() -> Split:
    return load_dataset("mnist-5k").split("validation")


@pytest.fixture(scope="module")
def model_file(tmp_path_factory) -> Path:
    """The network; its weights are drawn at random, and no bias is 0."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(3)
    twice = layers.Conv2D(6, 3, padding="same", activation="relu", name="twice")
    block = keras.Sequential(
        [
            layers.Input((14, 14, 6)),
            layers.Conv2D(6, 3, padding="same", groups=2, use_bias=False, name="grouped"),
            layers.BatchNormalization(name="norm"),
        ],
        name="block",
    )
    image = keras.Input((28, 28))
    x = layers.Reshape((28, 28, 1))(layers.Rescaling(1 / 255)(image))
    x = layers.Conv2D(6, 4, strides=2, padding="same", activation="tanh", name="strided")(x)
    x = twice(twice(x))
    x = layers.ReLU(name="rectified")(layers.Add(name="sum")([x, block(x)]))
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, dilation_rate=2, name="depthwise")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name="largest")(x)
    x = layers.AveragePooling2D(2, padding="same", name="mean")(x)
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    x = layers.Dense(12, activation="relu", name="hidden")(x)
    model = keras.Model(image, layers.Dense(10, activation="softmax", name="classes")(x))
    random = np.random.default_rng(3)
    model.set_weights(
        [w if w.ndim > 1 else w + random.uniform(0.05, 0.3, w.shape) for w in model.get_weights()]
    )
    path = tmp_path_factory.mktemp("stages") / "epoch-01.keras"
    model.save(path)
    return path


def stage_of(model_file: Path, layer: str) -> Stage:
    return next(stage for stage in layer_stages(model_file) if stage.layer == layer)


def test_every_layer_with_maps_or_units_is_a_stage_as_often_as_it_is_applied(model_file):
    found = [
        (s.number, s.layer, s.kind, s.activation, s.shape, s.can_be_negative, s.can_be_off)
        for s in layer_stages(model_file)
    ]
    assert found == [
        (1, "strided", "Conv2D", "tanh", (14, 14, 6), True, True),
        (2, "twice", "Conv2D", "relu", (14, 14, 6), False, True),
        (3, "twice", "Conv2D", "relu", (14, 14, 6), False, True),
        (4, "grouped", "Conv2D", "", (14, 14, 6), True, True),
        (5, "norm", "BatchNormalization", "", (14, 14, 6), True, True),
        (6, "sum", "Add", "", (14, 14, 6), True, True),
        (7, "rectified", "ReLU", "", (14, 14, 6), False, True),
        (8, "depthwise", "DepthwiseConv2D", "", (10, 10, 12), True, True),
        (9, "largest", "MaxPooling2D", "", (5, 5, 12), True, True),
        (10, "mean", "AveragePooling2D", "", (3, 3, 12), True, True),
        (11, "hidden", "Dense", "relu", (12,), False, True),
        (12, "classes", "Dense", "softmax", (10,), False, False),
    ]


def test_a_stage_passes_on_where_the_next_goes_on_channel_by_channel(model_file):
    passing = [stage.layer for stage in layer_stages(model_file) if stage.passes_on]
    assert passing == ["grouped", "sum", "depthwise", "largest"]


def test_a_stage_s_maps_are_what_keras_answers_there(model_file, split):
    import keras

    model = keras.saving.load_model(model_file)
    image = split.images[5]
    for number, layer in ((1, "strided"), (7, "rectified"), (10, "mean"), (11, "hidden")):
        inner = keras.Model(model.inputs, model.get_layer(layer).output)
        answered = inner([image[None].astype(np.float32)]).numpy()[0]
        found = feature_maps(model_file, image, number)
        by_hand = np.moveaxis(answered.reshape(*answered.shape[:2], -1), -1, 0)
        if answered.ndim == 1:
            by_hand = answered[:, None, None]
        np.testing.assert_allclose(found.maps, by_hand, atol=1e-5)
        assert found.is_signed == (layer in ("strided", "mean"))


@pytest.mark.parametrize("layer", ["strided", "twice", "grouped", "depthwise", "largest", "mean"])
def test_patch_times_kernel_and_bias_is_the_number_of_the_pixel(model_file, split, layer):
    """Behind the activation function, which numpy applies, it is the network's own number."""
    stage, image = stage_of(model_file, layer), split.images[7]
    maps = feature_maps(model_file, image, stage.number).maps
    function = {"tanh": np.tanh, "relu": lambda x: max(x, 0), "": lambda x: x}[stage.activation]
    height, width, channels = stage.shape
    for row, column in ((0, 0), (height // 2, width // 2 - 1), (height - 1, width - 1)):
        for channel in (0, channels // 2, channels - 1):
            found = patch_sum(model_file, image, stage.number, channel, row, column)
            assert found is not None
            assert found.value == maps[channel, row, column]
            assert found.patch.shape == found.kernel.shape
            np.testing.assert_allclose(found.products.sum() + found.bias, found.total, rtol=1e-9)
            np.testing.assert_allclose(function(found.total), found.value, atol=1e-5, rtol=1e-5)


def test_beyond_the_edge_there_is_nothing_and_in_the_middle_everything(model_file, split):
    corner = patch_sum(model_file, split.images[7], 1, 0, 0, 0)
    middle = patch_sum(model_file, split.images[7], 1, 0, 6, 6)
    assert corner is not None
    assert middle is not None
    assert np.isnan(corner.patch[0]).tolist() == [[True] * 4] + [[True, False, False, False]] * 3
    np.testing.assert_allclose(middle.patch[0], split.images[7][11:15, 11:15] / 255, atol=1e-6)


def test_the_largest_of_a_patch_wins_and_a_mean_takes_all_within_alike(model_file, split):
    image = split.images[7]
    largest = patch_sum(model_file, image, stage_of(model_file, "largest").number, 3, 1, 1)
    mean = patch_sum(model_file, image, stage_of(model_file, "mean").number, 3, 2, 2)
    assert largest is not None
    assert mean is not None
    assert largest.kernel.sum() == 1
    assert largest.patch[largest.kernel == 1] == largest.patch.max()
    assert largest.channels.tolist() == [3]
    assert mean.kernel.tolist() == [[[1, 0], [0, 0]]]  # of 5×5, only one pixel lies in the corner


def test_a_layer_without_a_patch_has_no_sum(model_file, split):
    for layer in ("norm", "sum", "rectified", "hidden"):
        number = stage_of(model_file, layer).number
        assert patch_sum(model_file, split.images[7], number, 0, 0, 0) is None


def test_a_pixel_or_a_stage_that_is_not_there_is_refused(model_file, split):
    with pytest.raises(ExplanationError, match=r"within \(14, 14, 6\). Received: \(14, 0, 0\)"):
        patch_sum(model_file, split.images[7], 1, 0, 14, 0)
    for number in (0, 13):
        with pytest.raises(ExplanationError, match=f"by number, 1 to 12. Received: {number}"):
            feature_maps(model_file, split.images[7], number)


def without(model_file: Path, off: dict[str, tuple[int, ...]], images: np.ndarray) -> np.ndarray:
    """What Keras answers once the weights that read the channels that are off are 0.

    Of `sum` and `twice`, which several layers read, by a layer of Keras put behind it.
    """
    import keras

    model = keras.saving.load_model(model_file)
    if "hidden" in off:
        kernel, bias = model.get_layer("classes").get_weights()
        kernel[list(off["hidden"])] = 0
        model.get_layer("classes").set_weights([kernel, bias])
    if "rectified" in off:
        kernel, bias = model.get_layer("depthwise").get_weights()
        kernel[:, :, list(off["rectified"])] = 0
        model.get_layer("depthwise").set_weights([kernel, bias])
    if "norm" in off:
        scale, shift, *rest = (norm := model.get_layer("block").get_layer("norm")).get_weights()
        scale[list(off["norm"])], shift[list(off["norm"])] = 0, 0
        norm.set_weights([scale, shift, *rest])
    return model(images.astype(np.float32)).numpy()


OFFS = (
    {"hidden": (0, 7)},
    {"rectified": (2,)},
    {"norm": (0, 1, 2, 5)},
    {"norm": (1,), "hidden": tuple(range(12))},
)


@pytest.mark.parametrize("off", OFFS, ids=str)
def test_channels_that_are_off_are_as_if_nothing_read_them(model_file, split, off):
    images = split.images[:20]
    asked = tuple(Off(stage_of(model_file, layer).number, which) for layer, which in off.items())
    by_hand = without(model_file, off, images)
    assert np.abs(by_hand - predict(model_file, images)).max() > 1e-4
    np.testing.assert_allclose(predict_without(model_file, images, asked), by_hand, atol=1e-5)
    first = predict_first_without(model_file, images, asked)
    np.testing.assert_allclose(first, by_hand[: len(first)], atol=1e-5)


def test_with_nothing_off_a_model_answers_as_ever(model_file, split):
    answered = predict_split_without(checkpoint(model_file), split, ())
    np.testing.assert_allclose(answered, predict(model_file, split.images), atol=1e-6)


def checkpoint(model_file: Path) -> Checkpoint:
    return Checkpoint("random", 1, model_file, 10)


def test_a_channel_that_is_not_there_and_the_last_layer_are_refused(model_file, split):
    image = split.images[:1]
    with pytest.raises(ExplanationError, match=r"channels of strided, 0 to 5. Received: \[6\]"):
        predict_without(model_file, image, (Off(1, (6,)),))
    with pytest.raises(ExplanationError, match="Received: classes, which the model ends in"):
        predict_without(model_file, image, (Off(12, (0,)),))
    with pytest.raises(ExplanationError, match=r"classes from 0 to 9. Received: \(4, 10\)"):
        differences_block(model_file, image, 11, (4, 10), np.array([0], np.int32))


@pytest.mark.parametrize("layer", ["hidden", "rectified", "norm"])
def test_an_effect_is_how_far_the_logits_part_when_the_channel_is_off(
    model_file, split, layer, tmp_path
):
    """Brute force: a model with other weights for each channel, and logarithms of its answers."""
    images, stage = split.images[40:52], stage_of(model_file, layer)
    wrong, right = np.arange(40, 45), np.arange(45, 52)
    found = channel_effects(checkpoint(model_file), split, stage, CELL, wrong, right, tmp_path)

    def parted(y_prob: np.ndarray) -> np.ndarray:
        true, predicted = CELL
        return np.log(y_prob[:, predicted].astype(float) / y_prob[:, true])

    whole = parted(predict(model_file, images))
    np.testing.assert_allclose(found.whole, whole, atol=1e-3)
    for channel in range(stage.channels):
        off = parted(without(model_file, {layer: (channel,)}, images))
        np.testing.assert_allclose(found.off[channel], off, atol=1e-3)
        changed = off - whole
        np.testing.assert_allclose(found.wrong[channel], changed[:5].mean(), atol=1e-3)
        np.testing.assert_allclose(found.right[channel], changed[5:].mean(), atol=1e-3)
        assert found.turned[channel] == (off[:5] <= 0).sum()
    sizes = np.abs(found.wrong)[found.strongest]
    assert (np.diff(sizes) <= 0).all()


def test_effects_come_in_blocks_of_any_size_are_counted_and_kept(model_file, split, tmp_path):
    stage = stage_of(model_file, "rectified")
    progress: list[tuple[int, int]] = []

    def small(path, images, number, cell, channels):
        return differences_block(path, images[:3], number, cell, channels[:2])

    asked = (checkpoint(model_file), split, stage, CELL, np.arange(4), np.arange(4, 7))
    whole = channel_effects(*asked, tmp_path / "one")
    found = channel_effects(
        *asked,
        tmp_path,
        differences=small,
        on_progress=lambda done, total: progress.append((done, total)),
    )
    np.testing.assert_allclose(found.off, whole.off, rtol=1e-5, atol=1e-5)
    assert progress[0] == (0, 7 * 7)
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert len(EFFECTS.last_used(tmp_path)) == 1

    def never(*_):
        raise AssertionError("it is kept")

    again = channel_effects(*asked, tmp_path, differences=never)
    assert np.array_equal(again.off, found.off)


def test_without_images_or_of_too_many_channels_there_are_no_effects(model_file, split, tmp_path):
    stage, none = stage_of(model_file, "hidden"), np.empty(0, np.int64)
    for asked, positions in ((stage, none), (replace(stage, shape=(2_000,)), np.arange(3))):
        with pytest.raises(ExplanationError, match="at most 1,024 channels and at least one image"):
            channel_effects(checkpoint(model_file), split, asked, CELL, positions, none, tmp_path)


def test_where_there_are_no_wrong_images_the_right_ones_put_channels_in_order(
    model_file, split, tmp_path
):
    stage, none = stage_of(model_file, "hidden"), np.empty(0, np.int64)
    found = channel_effects(
        checkpoint(model_file), split, stage, CELL, none, np.arange(3), tmp_path
    )
    assert np.isnan(found.wrong).all()
    assert (np.diff(np.abs(found.right)[found.strongest]) <= 0).all()


def test_none_off_is_the_whole_network(model_file, split):
    channels = np.array([NONE_OFF, 0], np.int32)
    whole, off = differences_block(model_file, split.images[:4], 1, CELL, channels)
    assert not np.allclose(whole, off)


def test_of_many_images_the_same_hundred_are_drawn_every_time():
    drawn = some_of(np.arange(1_000)[::-1])
    assert len(set(drawn.tolist())) == 100
    assert drawn.tolist() == sorted(drawn.tolist())
    assert np.array_equal(drawn, some_of(np.arange(1_000)[::-1]))
    assert some_of(np.array([5, 2])).tolist() == [2, 5]
