"""Learning by scikit-learn: one linear layer by `SGDClassifier`, stored as a Keras model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.answers.evaluation import evaluate
from mnist_core.datasets import Split
from mnist_core.recipes import Recipe
from mnist_core.training.learners.learner import Learner, Watch

if TYPE_CHECKING:
    from sklearn.linear_model import SGDClassifier


class SGDClassifierLearner(Learner):
    """One classifier a class against all others, by hinge loss.

    An epoch is one call of `partial_fit`. Its training loss and accuracy are those after it, on
    the images as they are.
    """

    steps = 1

    def __init__(self, recipe: Recipe, split: Split, *, seed: int) -> None:
        from sklearn.linear_model import SGDClassifier

        self.recipe, self.split, self.seed = recipe, split, seed
        self.model = recipe.build(split.n_classes)
        self.pixels = split.images.reshape(len(split), -1).astype(np.float32) / 255
        self.classifier: SGDClassifier = SGDClassifier(loss="hinge", penalty=recipe.penalty)
        # One look at one image each gives the arrays their shapes; then all begin at zero.
        classes = np.arange(split.n_classes)
        self.classifier.partial_fit(self.pixels[:1], split.labels[:1], classes=classes)
        self.restore({"weights": np.zeros(1), "biases": np.zeros(1), "seen": np.ones(1)})

    def fit(self, *, done: int, watch: Watch) -> None:
        for epoch in range(done + 1, self.recipe.max_epochs + 1):
            watch.begin(epoch)
            order = np.random.SeedSequence((self.seed, epoch)).generate_state(1)[0]
            self.classifier.set_params(random_state=int(order))
            self.classifier.partial_fit(self.pixels, self.split.labels)
            watch.step(self.steps)
            self._show()
            weights, biases = self._of_all_classes()
            answers = evaluate(self.split.labels, self.pixels @ weights.T + biases, "scores")
            if watch.end(epoch, loss=float(answers.loss.mean()), accuracy=answers.accuracy):
                break

    def state(self) -> dict[str, np.ndarray]:
        return {
            "weights": self.classifier.coef_,
            "biases": self.classifier.intercept_,
            "seen": np.array([self.classifier.t_]),
        }

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        self.classifier.coef_[:] = state["weights"]
        self.classifier.intercept_[:] = state["biases"]
        self.classifier.t_ = float(state["seen"][0])
        self._show()

    def _show(self) -> None:
        """Put the classifier's weights into the model."""
        weights, biases = self._of_all_classes()
        self.model.get_layer("scores").set_weights([weights.T, biases])

    def _of_all_classes(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights, shape `(n_classes, 784)`, and biases; of two classes it learns the second."""
        weights, biases = self.classifier.coef_, self.classifier.intercept_
        if self.split.n_classes == 2:
            return np.concatenate([-weights, weights]), np.concatenate([-biases, biases])
        return weights, biases
