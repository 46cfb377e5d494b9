"""Whether a map can be trusted: curves, agreement, spread, and weights at random."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from mnist_core.datasets import load_dataset
from mnist_core.errors import UnfitMethodError
from mnist_core.explainers import EXPLAINERS, Attribution, Target, background
from mnist_core.explainers.gradients import answers
from mnist_core.explainers.random_weights import explain_shuffled
from mnist_core.explainers.trust import agreement, curves, spread
from mnist_core.inference import model_memory
from mnist_core.inference.model_files import open_model
from mnist_core.inference.prediction import cached_model
from mnist_core.runs import read_run

MODEL = read_run(Path(__file__).parents[2] / "models", "linear-l2").checkpoints[-1].path


@pytest.fixture(scope="module")
def digits():
    return load_dataset("mnist-5k").split("validation")


@pytest.fixture(scope="module")
def few(digits) -> np.ndarray:
    return background(digits, n=20)


def test_curves_begin_and_end_at_the_image_and_the_mean_background(digits, few):
    image, values = digits.images[3], np.random.default_rng(0).normal(size=(28, 28))
    found = curves(MODEL, image, few, Target(classes=(4,)), values)
    both = answers(MODEL, np.stack([image, few.mean(axis=0)]), Target())[:, 4]
    assert (found.share[0], found.share[-1]) == (0, 1)
    for deletion, insertion in (
        (found.deletion, found.insertion),
        *zip(found.random_deletion, found.random_insertion, strict=True),
    ):
        np.testing.assert_allclose([deletion[0], deletion[-1]], both, atol=1e-4)
        np.testing.assert_allclose([insertion[-1], insertion[0]], both, atol=1e-4)


def test_the_first_point_covers_the_pixels_that_speak_most_for_the_answer(digits, few):
    image, values = digits.images[3], np.random.default_rng(0).normal(size=(28, 28))
    found = curves(MODEL, image, few, Target(classes=(4,)), values)
    largest = np.argsort(-values, axis=None)[:28]
    covered, uncovered = image.astype(np.float32), few.mean(axis=0).astype(np.float32)
    covered.ravel()[largest] = few.mean(axis=0).ravel()[largest]
    uncovered.ravel()[largest] = image.ravel()[largest]
    expected = answers(MODEL, np.stack([covered, uncovered]), Target())[:, 4]
    np.testing.assert_allclose([found.deletion[1], found.insertion[1]], expected, atol=1e-4)


def test_a_right_map_beats_random_orders_and_its_opposite_is_beaten_by_them(digits, few):
    image, target = digits.images[3], Target(classes=(4,))
    values = EXPLAINERS["linear"].explain(MODEL, image, few, classes=(4,)).values[0]
    right = curves(MODEL, image, few, target, values)
    wrong = curves(MODEL, image, few, target, -values)
    assert right.area(right.deletion) < right.area(right.random_deletion).min()
    assert right.area(right.insertion) > right.area(right.random_insertion).max()
    assert wrong.area(wrong.deletion) > wrong.area(wrong.random_deletion).max()
    np.testing.assert_array_equal(right.random_deletion, wrong.random_deletion)


def test_the_area_is_the_mean_answer(digits, few):
    found = curves(MODEL, digits.images[3], few, Target(classes=(4,)), np.zeros((28, 28)))
    points = found.deletion
    by_hand = ((points[1:] + points[:-1]) / 2).mean()
    assert found.area(points) == pytest.approx(by_hand)


def test_rank_correlation_is_scipys(digits):
    random = np.random.default_rng(0)
    one = np.round(random.normal(size=(28, 28)), 1)  # with ties
    other = one + np.round(random.normal(size=(28, 28)), 1)
    expected = spearmanr(one.ravel(), other.ravel()).statistic
    assert agreement(one, other).rank_correlation == pytest.approx(expected)
    assert agreement(one, -one).rank_correlation == pytest.approx(-1)
    assert np.isnan(agreement(one, np.zeros((28, 28))).rank_correlation)


def test_shared_top_counts_the_pixels_of_most_weight_whatever_their_sign():
    one, other = np.zeros((28, 28)), np.zeros((28, 28))
    one[0], other[0] = 5, -3
    one[1, :12] = 4
    other[2, :12] = 2
    assert agreement(one, other).shared_top == 28 / 40


def test_spread_is_the_standard_deviation_of_each_pixel():
    maps = np.random.default_rng(0).normal(size=(3, 2, 28, 28))
    three = [Attribution(values, np.zeros(2), np.zeros(2)) for values in maps]
    np.testing.assert_allclose(spread(three), maps.std(axis=0, ddof=1), rtol=1e-5)


def test_the_map_of_shuffled_weights_is_another_and_no_file_of_it_stays(
    digits, few, tmp_path, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    image, method = digits.images[3], EXPLAINERS["deep-shap"]
    before = [weight.copy() for weight in open_model(MODEL).get_weights()]
    opened = cached_model(MODEL)
    monkeypatch.setattr(model_memory, "_kept", model_memory.MOST_PARAMETERS_KEPT)
    found = explain_shuffled(method, MODEL, image, few, classes=(4,))
    assert cached_model(MODEL) is opened  # one more would have driven it out
    known = method.explain(MODEL, image, few, classes=(4,))
    assert found.classes == (4,)
    assert found.completeness_gap < 1e-3
    assert abs(agreement(found.values[0], known.values[0]).rank_correlation) < 0.3
    assert list(tmp_path.iterdir()) == []
    for weight, now in zip(before, open_model(MODEL).get_weights(), strict=True):
        np.testing.assert_array_equal(weight, now)


def test_shuffled_weights_are_the_same_numbers_in_another_order(digits, few):
    shuffled = []

    def look(path: Path, *_: object) -> Attribution:
        shuffled.extend(open_model(path).get_weights())
        return Attribution(np.zeros((10, 28, 28)), np.zeros(10), np.zeros(10))

    method = replace(EXPLAINERS["deep-shap"], explain_block=look)
    explain_shuffled(method, MODEL, digits.images[3], few)
    for weight, now in zip(open_model(MODEL).get_weights(), shuffled, strict=True):
        assert not np.array_equal(weight, now)
        np.testing.assert_array_equal(np.sort(weight.ravel()), np.sort(now.ravel()))


def test_a_method_that_fails_with_shuffled_weights_says_so_by_the_models_name_and_leaves_no_file(
    digits, few, tmp_path, monkeypatch
):
    def refuse(path: Path, *_: object) -> Attribution:
        raise UnfitMethodError(f"Received: {path.name} of {path.parent.name}.")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    method = replace(EXPLAINERS["deep-shap"], explain_block=refuse)
    assert method.stand_in is not None
    with pytest.raises(UnfitMethodError, match=f"{MODEL.name} of {MODEL.parent.name}"):
        explain_shuffled(method, MODEL, digits.images[3], few)
    assert list(tmp_path.iterdir()) == []


def test_the_curves_tell_how_far_they_are_and_ask_for_one_order_at_a_time(digits, few):
    told, asked = [], []

    def call(function, *arguments):
        asked.append(len(arguments[1]))
        return function(*arguments)

    curves(
        MODEL,
        digits.images[3],
        few,
        Target(classes=(4,)),
        np.zeros((28, 28)),
        call=call,
        on_progress=lambda *done: told.append(done),
    )
    assert asked == [2 * 29] * 21
    assert told == [(done, 21) for done in range(1, 22)]
