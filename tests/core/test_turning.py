"""A few changed pixels turn an answer, and none of them can be left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import load_dataset
from mnist_core.errors import ExplanationError
from mnist_core.explainers.turning import MOST_PIXELS, turn
from mnist_core.inference.prediction import predict
from mnist_core.runs import read_run

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return load_dataset("mnist-5k").split("validation").images


@pytest.fixture
def weighted(tmp_path) -> Path:
    """Two classes; the second is ahead by the pixels' grey levels times weights, minus 1,000."""
    import keras

    pixels = keras.Input((28, 28))
    model = keras.Model(pixels, keras.layers.Dense(2, "softmax")(keras.layers.Flatten()(pixels)))
    kernel = np.zeros((28, 28, 2), np.float32)
    for pixel, weight in {(3, 4): 2.0, (5, 6): 1.5, (9, 9): 1.0, (20, 20): -4.0}.items():
        kernel[*pixel, 1] = weight
    model.set_weights([kernel.reshape(784, 2), np.array([1_000, 0], np.float32)])
    path = tmp_path / "epoch-01.keras"
    model.save(path)
    return path


def test_of_a_linear_model_the_pixels_of_most_weight_are_found_in_their_order(weighted):
    paper = np.zeros((28, 28), np.uint8)
    found = turn(weighted, paper, 1)
    # 2.0 and 1.5 times 255 are 892, which is not enough; with 1.0 times 255 they are 1,147.
    assert found.pixels.tolist() == [[3, 4], [5, 6], [9, 9]]
    expected = paper.copy()
    expected[[3, 5, 9], [4, 6, 9]] = 255
    assert np.array_equal(found.image, expected)
    assert (found.before.argmax(), found.after.argmax(), found.target) == (0, 1, 1)


def test_ink_that_speaks_against_a_class_becomes_paper(weighted):
    image = np.zeros((28, 28), np.uint8)
    image[3, 4] = image[5, 6] = image[9, 9] = 255
    image[20, 20] = 100
    found = turn(weighted, image, 1)
    assert found.pixels.tolist() == [[20, 20]]
    assert found.image[20, 20] == 0


def test_an_image_that_is_read_so_already_needs_no_pixel(weighted):
    found = turn(weighted, np.zeros((28, 28), np.uint8), 0)
    assert found.pixels.shape == (0, 2)
    assert np.array_equal(found.before, found.after)


@pytest.mark.parametrize("run", ["simple-conv", "mlp-deep", "linear-l2"])
def test_no_pixel_of_those_found_can_be_left_out(run, images):
    path = read_run(MODELS, run).checkpoints[-1].path
    for image in images[[0, 300, 650]]:
        answer = predict(path, image[np.newaxis])[0]
        target = int(answer.argsort()[-2])
        found = turn(path, image, target)
        assert 0 < len(found.pixels) <= MOST_PIXELS
        assert predict(path, found.image[np.newaxis])[0].argmax() == target
        assert len(found.pixels) == np.count_nonzero(found.image != image)
        assert set(np.unique(found.image[found.image != image])) <= {0, 255}
        for row, column in found.pixels:
            without = found.image.copy()
            without[row, column] = image[row, column]
            assert predict(path, without[np.newaxis])[0].argmax() != target
        np.testing.assert_allclose(found.before, answer, rtol=1e-4, atol=1e-6)


def test_what_was_changed_in_vain_is_put_back(tmp_path):
    """Of two detours, the second makes the first one needless."""
    import keras

    pixels = keras.Input((28, 28))
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(pixels))
    hidden = keras.layers.Dense(3, "relu")
    model = keras.Model(pixels, keras.layers.Dense(2)(hidden(flat)))
    kernel = np.zeros((784, 3), np.float32)
    # Pixel 0 gives 1.2 at once; pixels 1 and 2 give 1 each, and 10 more once both are there.
    kernel[0, 0], kernel[1, 1], kernel[2, 1] = 1.2, 1, 1
    kernel[1, 2] = kernel[2, 2] = 1
    bias, second = np.array([0, 0, -1]), np.array([[0, 1], [0, 1], [0, 10]])
    model.set_weights([kernel, bias, second, np.array([5.0, 0.0])])
    path = tmp_path / "epoch-01.keras"
    model.save(path)
    found = turn(path, np.zeros((28, 28), np.uint8), 1)
    assert sorted(found.pixels.tolist()) == [[0, 1], [0, 2]]


def test_a_model_that_always_answers_the_same_cannot_be_turned(tmp_path, images):
    import keras

    pixels = keras.Input((28, 28))
    model = keras.Model(pixels, keras.layers.Dense(3)(keras.layers.Flatten()(pixels)))
    model.set_weights([np.zeros((784, 3)), np.array([1, 0, 0])])
    path = tmp_path / "epoch-01.keras"
    model.save(path)
    assert turn(path, images[0], 2) is None


@pytest.fixture
def flat_at_first(tmp_path) -> Path:
    """The second class gains by one pixel, and only once that is darker than 200: no slope yet."""
    import keras

    pixels = keras.Input((28, 28))
    hidden = keras.layers.Dense(1, "relu")(keras.layers.Flatten()(pixels))
    model = keras.Model(pixels, keras.layers.Dense(2)(hidden))
    kernel = np.zeros((784, 1), np.float32)
    kernel[20 * 28 + 20] = 1
    second = np.array([[0, 1]], np.float32)
    model.set_weights([kernel, np.array([-200]), second, np.array([50, 0])])
    path = tmp_path / "epoch-01.keras"
    model.save(path)
    return path


def test_where_slopes_say_nothing_every_pixel_is_tried(flat_at_first):
    found = turn(flat_at_first, np.zeros((28, 28), np.uint8), 1)
    assert found.pixels.tolist() == [[20, 20]]
    assert found.after.tolist() == [50, 55]


def test_the_search_tells_how_far_it_is_and_stops_where_it_is_told(weighted):
    paper, told = np.zeros((28, 28), np.uint8), []
    turn(weighted, paper, 1, on_progress=lambda *done: told.append(done))
    assert told == [(1, MOST_PIXELS), (2, MOST_PIXELS), (3, MOST_PIXELS)]

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        turn(weighted, paper, 1, on_progress=stop)


def test_a_class_that_the_model_does_not_have_is_refused(weighted, images):
    with pytest.raises(ExplanationError, match=r"classes from 0 to 1\. Received: \[7\]"):
        turn(weighted, images[0], 7)
