"""Classes belong to the data set: two or 62 of them, in splits, recipes, trainings and runs."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core import training
from mnist_core.datasets import Dataset, Split
from mnist_core.errors import DatasetError
from mnist_core.inference.prediction import predict
from mnist_core.recipes import RECIPES
from mnist_core.runs import read_epoch_predictions

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.fixture(scope="module")
def of_classes(mnist_5k):
    """A function that makes a data set of so many classes, a bright spot each."""

    def make(n_classes: int) -> Dataset:
        names = tuple(f"class {label}" for label in range(n_classes))
        labels = np.arange(8 * n_classes) % n_classes
        images = np.zeros((len(labels), 28, 28), np.uint8)
        images[np.arange(len(labels)), 2 + labels // 12 * 4, 2 + labels % 12 * 2] = 255
        splits = {name: Split(name, images, labels, names) for name in ("train", "validation")}
        return Dataset("spots", "Spots", splits, source="this test", shows_strokes=False)

    return make


def test_a_split_of_letters_knows_its_classes():
    split = Split("train", np.zeros((2, 28, 28), np.uint8), np.array([0, 25]), LETTERS)
    assert (split.n_classes, split.class_names[25]) == (26, "Z")
    dataset = Dataset("letters", "Letters", {"train": split}, source="this test")
    assert dataset.class_names == dataset.outline.class_names == LETTERS


@pytest.mark.parametrize(
    ("label", "names", "complaint"),
    [
        (26, LETTERS, "whole numbers 0–25. Received: int64 from 26 to 26"),
        (0, ("only",), "2 to 62 classes with different names. Received: 1 names"),
        (0, tuple(map(str, range(63))), "Received: 63 names"),
        (0, ("a", "b", "a"), "Received: 3 names, 2 of them different"),
    ],
)
def test_labels_and_names_that_do_not_fit_are_one_clear_error(label, names, complaint):
    with pytest.raises(DatasetError, match=complaint):
        Split("train", np.zeros((1, 28, 28), np.uint8), np.array([label]), names)


def test_splits_of_different_classes_are_no_data_set():
    digits = Split("train", np.zeros((1, 28, 28), np.uint8), np.array([0]))
    letters = replace(digits, name="test", class_names=LETTERS)
    with pytest.raises(DatasetError, match="splits of the same classes"):
        Dataset("mixed", "Mixed", {"train": digits, "test": letters}, source="this test")
    with pytest.raises(DatasetError, match="no split"):
        Dataset("empty", "Empty", {}, source="this test")


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("n_classes", [2, 26, 62])
def test_a_recipe_builds_for_as_many_classes_as_are_asked_for(name, n_classes):
    model = RECIPES[name].build(n_classes)
    assert model.output_shape == (None, n_classes)


@pytest.mark.parametrize("name", ["dense-256", "linear-l2"])
@pytest.mark.parametrize("n_classes", [2, 26])
def test_a_run_is_trained_recorded_and_read_for_as_many_classes_as_its_data_has(
    name, n_classes, of_classes, models
):
    dataset = of_classes(n_classes)
    run = training.train(RECIPES[name], dataset, models=models, name="one", max_epochs=20)
    validation = dataset.split("validation")
    y_prob = predict(run.checkpoint(run.best_epoch).path, validation.images)
    assert run.n_classes == y_prob.shape[1] == n_classes
    assert run.parameters == RECIPES[name].build(n_classes).count_params()
    assert run.validation_accuracy > 0.9
    recorded = read_epoch_predictions(run, "validation")
    answers = recorded.after(run.best_epoch, validation.labels, run)
    assert answers.n_classes == n_classes
    assert np.array_equal(answers.y_pred, y_prob.argmax(axis=1))
