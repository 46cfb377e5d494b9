"""What changes the weights does so as Keras and scikit-learn say."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core.answers.evaluation import evaluate
from mnist_core.inference.prediction import compile_for_prediction, predict_in_batches
from mnist_core.recipes import RECIPES
from mnist_core.training.learners import keras_fit, learner_of
from mnist_core.training.learners.sgd_classifier import SGDClassifierLearner


class Patience:
    """A watch that has had enough after some epochs."""

    def __init__(self, epochs: int) -> None:
        self.epochs, self.seen = epochs, []

    def begin(self, epoch: int) -> None:
        self.seen.append(epoch)

    def step(self, step: int) -> None:
        assert step >= 1

    def end(self, epoch: int, *, loss: float, accuracy: float) -> bool:
        self.loss, self.accuracy = loss, accuracy
        return epoch == self.epochs


@pytest.mark.parametrize("name", ["linear-l1", "linear-l2", "linear-elasticnet"])
def test_a_linear_model_holds_the_weights_of_scikit_learns_classifier(small, name):
    from sklearn.linear_model import SGDClassifier

    split, recipe = small.split("train"), RECIPES[name]
    learner = learner_of(recipe, split, seed=4)
    assert isinstance(learner, SGDClassifierLearner)
    watch = Patience(2)
    learner.fit(done=0, watch=watch)

    pixels = split.images.reshape(len(split), -1).astype(np.float32) / 255
    expected = SGDClassifier(penalty=recipe.penalty)
    for epoch in (1, 2):
        order = np.random.SeedSequence((4, epoch)).generate_state(1)[0]
        expected.set_params(random_state=int(order))
        expected.partial_fit(pixels, split.labels, classes=np.arange(10))
    scores = predict_in_batches(compile_for_prediction(learner.model), split.images)
    np.testing.assert_allclose(scores, expected.decision_function(pixels), rtol=1e-4, atol=1e-3)
    assert watch.accuracy == pytest.approx(expected.score(pixels, split.labels))


def test_the_loss_of_scores_is_the_hinge_loss_of_keras():
    import keras

    random = np.random.default_rng(0)
    y_true, scores = random.integers(0, 10, 50), random.normal(0, 2, (50, 10))
    sides = np.where(np.arange(10) == y_true[:, None], 1.0, -1.0)
    expected = keras.losses.Hinge(reduction="none")(sides, scores)
    np.testing.assert_allclose(evaluate(y_true, scores, "scores").loss, expected, rtol=1e-5)


def test_the_learning_rate_rises_to_its_peak_and_falls_to_nothing(quick, small):
    recipe = replace(quick, peak_learning_rate=0.5, max_epochs=10)
    learner = keras_fit.KerasLearner(recipe, small.split("train"), seed=0)
    rate = learner.compiled.optimizer._learning_rate
    rates = [float(rate(step)) for step in range(41)]
    assert learner.steps == 4
    assert rates[0] == 0
    assert np.argmax(rates) == 8  # a fifth of all steps
    assert max(rates) == pytest.approx(0.5)
    assert rates[40] == pytest.approx(0, abs=1e-6)
    assert np.diff(rates[8:]).max() <= 0


def test_augmentation_changes_training_images_in_every_epoch_anew(quick, small):
    recipe = replace(quick, augmentation=RECIPES["cnn-augmented"].augmentation)
    batches, epoch = keras_fit.epochs_of(small.split("train"), recipe, seed=0)

    def inks(number: int) -> np.ndarray:
        epoch.assign(number)
        return np.sort(np.concatenate([images.numpy().sum(axis=(1, 2)) for images, _ in batches]))

    assert np.array_equal(inks(1), inks(1))
    assert not np.array_equal(inks(1), inks(2))
    plain = np.sort(small.split("train").images.sum(axis=(1, 2)))
    assert not np.array_equal(inks(1), plain)
