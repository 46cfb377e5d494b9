"""Neighbours are those that scikit-learn finds in front of the last layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_core.datasets import Split
from mnist_core.errors import CheckpointError, ExplanationError
from mnist_core.inference import neighbours
from mnist_core.inference.neighbours import Neighbours, embed, find_neighbours, nearest
from mnist_core.recipes import find_recipe
from mnist_core.runs import Checkpoint


@pytest.fixture(scope="module")
def digits(mnist_5k) -> Split:
    return mnist_5k.split("validation")


@pytest.fixture(scope="module")
def save_recipe(tmp_path_factory) -> Callable[[str], Path]:
    """A function that saves a recipe's model with weights drawn at random."""
    import keras

    def save(name: str) -> Path:
        keras.utils.set_random_seed(0)
        path = tmp_path_factory.mktemp(name) / "epoch-01.keras"
        find_recipe(name).build().save(path)
        return path

    return save


@pytest.fixture(scope="module")
def conv(save_recipe) -> Checkpoint:
    return Checkpoint("conv", 1, save_recipe("simple-conv"))


def seen_by_hand(model_file: Path, images: np.ndarray, layer: str) -> np.ndarray:
    """What goes into a layer by name. `float32`, shape `(n, d)`."""
    import keras

    model = keras.saving.load_model(model_file)
    in_front = keras.Model(model.input, model.get_layer(layer).input)
    return in_front.predict(images.astype(np.float32), verbose=0).reshape(len(images), -1)


@pytest.mark.parametrize("recipe", ["simple-conv", "mlp-128-128", "flagship"])
def test_what_the_last_layer_sees_is_its_input_as_keras_computes_it(save_recipe, digits, recipe):
    model_file, images = save_recipe(recipe), digits.images[::25]
    seen = embed(model_file, images)
    assert seen.dtype == np.float32
    by_hand = seen_by_hand(model_file, images, "probabilities")
    assert np.ptp(by_hand) > 0
    np.testing.assert_allclose(seen, by_hand, atol=1e-5)


def test_the_only_layer_of_a_linear_model_sees_the_scaled_pixels(save_recipe, digits):
    images = digits.images[:20]
    seen = embed(save_recipe("linear-l2"), images)
    np.testing.assert_allclose(seen, images.reshape(20, 784) / 255, atol=1e-6)


def test_no_images_are_seen_as_no_rows(conv, digits):
    assert embed(conv.path, digits.images[:0]).shape == (0, 128)


@pytest.mark.parametrize("kind", ["sequential", "functional", "a model as a layer"])
@pytest.mark.parametrize("tail", ["normalised logits", "convolution", "attention"])
def test_tails_of_other_models_are_cut_before_the_last_weights(kind, tail, digits, tmp_path):
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    tails = {
        "normalised logits": [
            layers.Flatten(),
            layers.Dense(10, name="last"),
            layers.BatchNormalization(),
            layers.Softmax(),
        ],
        "convolution": [
            layers.Conv2D(10, 1, name="last"),
            layers.GlobalAveragePooling2D(),
            layers.Softmax(),
        ],
        "attention": [
            layers.Reshape((49, 3)),
            layers.Bidirectional(layers.LSTM(5), name="last"),
            layers.Softmax(),
        ],
    }
    pixels = keras.Input((28, 28))
    before = [layers.Reshape((28, 28, 1)), layers.Conv2D(3, 4, strides=4, activation="relu")]
    middle = x = keras.Input((28, 28))
    for layer in before:
        x = layer(x)
    by_hand = keras.Model(middle, x)
    network = keras.Sequential([keras.Input((28, 28)), *before, *tails[tail]])
    if kind == "functional":
        y = pixels
        for layer in network.layers:
            y = layer(y)
        network = keras.Model(pixels, y)
    elif kind == "a model as a layer":
        network = keras.Model(pixels, layers.Softmax()(network(pixels)))
    network.save(tmp_path / "epoch-01.keras")

    images = digits.images[:9]
    expected = by_hand.predict(images.astype(np.float32), verbose=0).reshape(9, 147)
    seen = embed(tmp_path / "epoch-01.keras", images)
    assert np.ptp(expected) > 0
    np.testing.assert_allclose(seen, expected, rtol=1e-4, atol=1e-4)


def test_a_last_layer_of_two_inputs_sees_both(digits, tmp_path):
    import keras
    from keras import layers

    pixels = keras.Input((28, 28))
    image = layers.Reshape((28, 28, 1))(pixels)
    upper, lower = (layers.Cropping2D((rows, (0, 0)))(image) for rows in ((0, 14), (14, 0)))
    halves = (layers.Reshape((14, 28))(half) for half in (upper, lower))
    attended = layers.MultiHeadAttention(1, 4)(*halves)
    answers = layers.Softmax()(layers.GlobalAveragePooling1D()(attended))
    keras.Model(pixels, answers).save(tmp_path / "epoch-01.keras")
    images = digits.images[:5]
    seen = embed(tmp_path / "epoch-01.keras", images)
    np.testing.assert_array_equal(seen, images.reshape(5, 784))


def test_a_model_that_weighs_nothing_sees_nothing(digits, tmp_path):
    import keras

    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.BatchNormalization()]
    keras.Sequential(layers).save(tmp_path / "epoch-01.keras")
    with pytest.raises(ExplanationError, match=r"Received: Flatten, BatchNormalization\."):
        embed(tmp_path / "epoch-01.keras", digits.images[:1])


@pytest.mark.parametrize("recipe", ["simple-conv", "linear-l2"])
def test_the_nearest_are_those_of_scikit_learn(save_recipe, digits, tmp_path, recipe):
    from sklearn.neighbors import NearestNeighbors

    model_file = save_recipe(recipe)
    last = "scores" if recipe == "linear-l2" else "probabilities"
    seen = seen_by_hand(model_file, digits.images, last)
    of_class = np.flatnonzero(digits.labels == 7)
    oracle = NearestNeighbors(n_neighbors=8, algorithm="brute").fit(seen[of_class])
    for index in (0, 250, 999):
        apart, places = oracle.kneighbors(seen[[index]])
        checkpoint = Checkpoint("random", 1, model_file)
        found = find_neighbours(checkpoint, digits.images[index], digits, 7, tmp_path)
        assert found.positions.tolist() == of_class[places[0]].tolist()
        np.testing.assert_allclose(found.distances, apart[0], rtol=1e-4)
        assert (found.label, found.split) == (7, "validation")


@pytest.mark.parametrize(("block_size", "most_numbers"), [(7, 4_000_000), (500, 1_000), (500, 1)])
def test_the_size_of_blocks_changes_memory_but_not_what_is_found(
    conv, digits, monkeypatch, tmp_path, block_size, most_numbers
):
    whole = find_neighbours(conv, digits.images[3], digits, 4, tmp_path / "whole", k=20)
    sizes = []

    def watched(model_file: Path, images: np.ndarray) -> np.ndarray:
        sizes.append(len(images))
        return embed(model_file, images)

    monkeypatch.setattr(neighbours, "BLOCK_SIZE", block_size)
    monkeypatch.setattr(neighbours, "MOST_NUMBERS", most_numbers)
    cache = tmp_path / "parts"
    parts = find_neighbours(conv, digits.images[3], digits, 4, cache, k=20, embed=watched)
    assert parts.positions.tolist() == whole.positions.tolist()
    np.testing.assert_allclose(parts.distances, whole.distances, rtol=1e-5)
    assert sum(sizes) == 1 + 100
    assert max(sizes) == max(1, min(block_size, most_numbers // 128))
    assert cache.exists() == (most_numbers >= 100 * 128)


@given(
    arrays(np.float32, (30, 3), elements=st.integers(-3, 3)),
    st.integers(1, 40),
    st.integers(1, 40),
)
def test_the_nearest_rows_are_the_first_of_all_rows_in_order(rows, size, k):
    query = np.zeros(3, dtype=np.float32)
    places, apart = nearest(query, (rows[start : start + size] for start in range(0, 30, size)), k)
    lengths = np.sqrt((rows.astype(np.float64) ** 2).sum(axis=1))
    by_hand = sorted(range(30), key=lambda row: (np.float32(lengths[row]), row))[:k]
    assert places.tolist() == by_hand
    np.testing.assert_allclose(apart, lengths[by_hand], rtol=1e-6)


def test_an_image_is_at_no_distance_from_itself_unless_it_is_left_out(conv, digits, tmp_path):
    label = int(digits.labels[42])
    found = find_neighbours(conv, digits.images[42], digits, label, tmp_path)
    assert found.positions[0] == 42
    assert found.distances[0] < 1e-5
    others = find_neighbours(conv, digits.images[42], digits, label, tmp_path, without=42)
    assert others.positions[:-1].tolist() == found.positions[1:].tolist()
    assert len(others.positions) == 8
    assert 42 not in others.positions


@pytest.mark.parametrize(("label", "n"), [(3, 2), (11, 0)])
def test_a_class_of_few_images_has_few_neighbours(conv, digits, counted, tmp_path, label, n):
    chosen = [0, 1, *np.flatnonzero(digits.labels == 3)[:2].tolist()]
    few = Split("train", digits.images[chosen], digits.labels[chosen])
    for _ in ("computed", "stored"):
        found = find_neighbours(conv, digits.images[9], few, label, tmp_path, embed=counted)
        assert found.positions.shape == found.distances.shape == (n,)


def test_a_class_is_embedded_once_per_checkpoint_and_split(
    save_recipe, conv, digits, counted, tmp_path
):
    other = Checkpoint("other", 1, save_recipe("dense-256"))
    backwards = Split("validation", digits.images[::-1], digits.labels[::-1])
    for index in (0, 1, 2):
        for checkpoint, split, label in [
            (conv, digits, 3),
            (other, digits, 3),
            (conv, backwards, 3),
            (conv, digits, 2),
        ]:
            image = digits.images[index]
            find_neighbours(checkpoint, image, split, label, tmp_path, embed=counted)
    assert counted.blocks == [1, 100] * 4 + [1] * 8


def npy_of(array: np.ndarray, folder: Path) -> bytes:
    np.save(folder / "array.npy", array)
    return (folder / "array.npy").read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content, folder: b"",
        lambda content, folder: content[:-1],
        lambda content, folder: content[:20],
        lambda content, folder: b"PK\x03\x04" + content,
        lambda content, folder: content.replace(b"{'descr'", b"(('descr'"),
        lambda content, folder: npy_of(np.zeros((99, 784), np.float32), folder),
        lambda content, folder: npy_of(np.zeros((100, 784), np.uint8), folder),
    ],
)
def test_a_damaged_cache_file_is_computed_anew_and_mended(conv, digits, counted, tmp_path, damage):
    def search() -> Neighbours:
        return find_neighbours(conv, digits.images[0], digits, 3, tmp_path / "cache", embed=counted)

    first = search()
    (stored,) = (tmp_path / "cache" / "embeddings").iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(damage(whole, tmp_path))
    again = search()
    assert again.positions.tolist() == first.positions.tolist()
    assert again.distances.tolist() == first.distances.tolist()
    assert counted.blocks == [1, 100, 1, 100]
    assert stored.read_bytes() == whole


def test_a_cache_folder_that_cannot_be_written_only_costs_time(conv, digits, counted, tmp_path):
    (tmp_path / "cache").write_text("a file in its place")
    for _ in range(2):
        cache = tmp_path / "cache"
        found = find_neighbours(conv, digits.images[0], digits, 3, cache, embed=counted)
        assert len(found.positions) == 8
    assert counted.blocks == [1, 100, 1, 100]


def test_a_file_that_is_replaced_meanwhile_leaves_nothing_in_the_cache(
    save_recipe, digits, tmp_path
):
    checkpoint = Checkpoint("replaced", 1, save_recipe("linear-l2"))

    def replacing(model_file: Path, images: np.ndarray) -> np.ndarray:
        model_file.write_bytes(b"another")
        return np.zeros((len(images), 5), dtype=np.float32)

    find_neighbours(checkpoint, digits.images[0], digits, 3, tmp_path, embed=replacing)
    assert not list(tmp_path.iterdir())


def test_neighbours_are_read_only(conv, digits, counted, tmp_path):
    found = find_neighbours(conv, digits.images[0], digits, 3, tmp_path, embed=counted)
    assert (found.positions.dtype, found.distances.dtype) == (np.int64, np.float32)
    assert not found.positions.flags.writeable
    assert not found.distances.flags.writeable


def test_a_missing_model_is_an_error_of_the_checkpoint(digits, tmp_path):
    with pytest.raises(CheckpointError, match=r"epoch-09\.keras"):
        embed(tmp_path / "epoch-09.keras", digits.images[:1])
