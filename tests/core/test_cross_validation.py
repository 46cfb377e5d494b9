"""Cross-validation: no image is answered for by a model that trained on it, no fold twice."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mnist_core.datasets import Split
from mnist_core.errors import RecipeError
from mnist_core.recipes import RECIPES
from mnist_core.suspects.cross_validation import (
    Plan,
    cross_validate,
    default_plan,
    folds_of,
    read_cross_validated,
    stored_folds,
)


@pytest.fixture(scope="module")
def plan(quick):
    return Plan(replace(quick, max_epochs=2, batch_size=10), n_folds=2)


@pytest.fixture(scope="module")
def split(small):
    return small.split("train")


@pytest.fixture(scope="module")
def stopped(plan, split, tmp_path_factory):
    """The cache as control-C in the second fold leaves it."""

    def stop_in_the_second(progress):
        if progress.fold == 2:
            raise KeyboardInterrupt

    cache = tmp_path_factory.mktemp("cache")
    with pytest.raises(KeyboardInterrupt):
        cross_validate(plan, split, cache, on_progress=stop_in_the_second)
    return cache


@pytest.fixture(scope="module")
def resumed(plan, split, stopped, tmp_path_factory):
    """The answers of the stopped cross-validation gone on with, its cache, and its progress."""
    cache, seen = tmp_path_factory.mktemp("resumed"), []
    shutil.copytree(stopped, cache, dirs_exist_ok=True)
    return cross_validate(plan, split, cache, on_progress=seen.append), cache, seen


@given(arrays.arrays(np.uint8, st.integers(5, 60), elements=st.integers(0, 9)), st.integers(2, 5))
def test_folds_are_even_in_size_and_in_every_class(labels, n_folds):
    folds = folds_of(labels, Plan(RECIPES["simple-conv"], n_folds=n_folds))
    assert np.ptp(np.bincount(folds, minlength=n_folds)) <= 1
    for label in np.unique(labels):
        assert np.ptp(np.bincount(folds[labels == label], minlength=n_folds)) <= 1


def test_the_seed_cuts_the_folds():
    labels, plan = np.zeros(50, np.uint8), Plan(RECIPES["simple-conv"])
    np.testing.assert_array_equal(folds_of(labels, plan), folds_of(labels, plan))
    assert (folds_of(labels, plan) != folds_of(labels, replace(plan, seed=1))).any()


def test_answers_are_better_than_chance_and_stay(resumed, plan, split):
    y_prob, cache, _ = resumed
    assert y_prob.shape == (400, 10)
    assert np.mean(y_prob.argmax(axis=1) == split.labels) > 0.5
    np.testing.assert_array_equal(read_cross_validated(plan, split, cache), y_prob)
    with pytest.raises(ValueError, match="read-only"):
        y_prob[0, 0] = 1


def test_no_image_takes_part_in_training_the_model_that_answers_for_it(
    resumed, plan, split, tmp_path
):
    """Another picture in its place changes the answers to the other fold, and its own, alone."""
    y_prob, _, _ = resumed
    folds, images = folds_of(split.labels, plan), split.images.copy()
    images[0] = 255 - images[0]
    not_a_folder = tmp_path / "file"  # a cache that cannot be written to only costs time
    not_a_folder.touch()
    changed = cross_validate(plan, Split("train", images, split.labels), not_a_folder)
    same = (changed == y_prob).all(axis=1)
    same_fold = np.flatnonzero(folds == folds[0])
    assert same_fold[~same[same_fold]].tolist() == [0]
    assert not same[folds != folds[0]].any()


def test_a_stopped_cross_validation_goes_on_behind_its_last_fold(stopped, resumed, plan, split):
    assert list(stored_folds(plan, split, stopped)) == [0]
    assert read_cross_validated(plan, split, stopped) is None
    y_prob, cache, seen = resumed
    assert {(progress.fold, progress.n_folds) for progress in seen} == {(2, 2)}
    shares = [progress.share for progress in seen]
    assert sorted(set(shares)) == shares
    assert 0 < shares[0] < shares[-1] == 1
    assert seen[-1].seconds_left == 0 < seen[0].seconds_left
    nothing_left = []
    again = cross_validate(plan, split, cache, on_progress=nothing_left.append)
    np.testing.assert_array_equal(again, y_prob)
    assert nothing_left == []


def test_only_what_this_plan_would_compute_is_taken_from_the_cache(resumed, plan, split, small):
    _, cache, _ = resumed
    for other in (
        replace(plan, seed=1),
        replace(plan, n_folds=3),
        replace(plan, recipe=replace(plan.recipe, max_epochs=3)),
        replace(plan, recipe=replace(plan.recipe, batch_size=7)),
    ):
        assert not stored_folds(other, split, cache)
    assert not stored_folds(plan, small.split("validation"), cache)


def test_damaged_folds_and_folds_cut_otherwise_are_not_read(stopped, plan, split, tmp_path):
    shutil.copytree(stopped, tmp_path, dirs_exist_ok=True)
    (stored,) = (tmp_path / "cross-validation").iterdir()
    with np.load(stored) as arrays_of_fold:
        indices, y_prob = arrays_of_fold["indices"], arrays_of_fold["y_prob"]
    np.savez(stored, indices=indices + 1, y_prob=y_prob)
    assert not stored_folds(plan, split, tmp_path)
    np.savez(stored, indices=indices, y_prob=y_prob)
    assert stored_folds(plan, split, tmp_path)
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-100])
    assert not stored_folds(plan, split, tmp_path)
    for wrong in (y_prob.astype(np.float64), y_prob[:, :9], y_prob[1:], y_prob * np.nan):
        np.savez(stored, indices=indices, y_prob=wrong)
        assert not stored_folds(plan, split, tmp_path)


def test_a_plan_needs_two_folds_and_probabilities(split):
    with pytest.raises(RecipeError, match="two or more folds"):
        Plan(RECIPES["simple-conv"], n_folds=1)
    with pytest.raises(RecipeError, match="probabilities"):
        Plan(RECIPES["linear-l2"])
    with pytest.raises(RecipeError, match="401 folds"):
        folds_of(split.labels, Plan(RECIPES["simple-conv"], n_folds=401))


def test_fewer_images_are_trained_on_for_more_epochs(mnist_5k, split):
    images = np.zeros((55_000, 28, 28), np.uint8)
    full = Split("train", images, np.zeros(55_000, np.uint8))
    epochs = [
        default_plan(some).recipe.max_epochs for some in (full, mnist_5k.split("train"), split)
    ]
    assert epochs == [2, 8, 8]
