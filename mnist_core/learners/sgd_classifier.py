"""Learning by scikit-learn: one linear layer by `SGDClassifier`, stored as a Keras model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.datasets import Split
from mnist_core.datasets.dataset import N_CLASSES
from mnist_core.evaluation import evaluate
from mnist_core.learners.learner import Learner, Watch
from mnist_core.recipes import Recipe

if TYPE_CHECKING:
    from sklearn.linear_model import SGDClassifier


class SGDClassifierLearner(Learner):
    """Ten one-against-all classifiers by hinge loss; an epoch is one call of `partial_fit`.

    The training loss and accuracy of an epoch are those after it, on the images as they are.
    """

    steps = 1

    def __init__(self, recipe: Recipe, split: Split, *, seed: int) -> None:
        from sklearn.linear_model import SGDClassifier

        self.recipe, self.split, self.seed = recipe, split, seed
        self.model = recipe.build()
        self.pixels = split.images.reshape(len(split), -1).astype(np.float32) / 255
        self.classifier: SGDClassifier = SGDClassifier(loss="hinge", penalty=recipe.penalty)
        # One look at one image each gives the arrays their shapes; then all begin at zero.
        self.classifier.partial_fit(self.pixels[:1], split.labels[:1], classes=np.arange(N_CLASSES))
        self.restore({"weights": np.zeros(1), "biases": np.zeros(1), "seen": np.ones(1)})

    def fit(self, *, done: int, watch: Watch) -> None:
        for epoch in range(done + 1, self.recipe.max_epochs + 1):
            watch.begin(epoch)
            order = np.random.SeedSequence((self.seed, epoch)).generate_state(1)[0]
            self.classifier.set_params(random_state=int(order))
            self.classifier.partial_fit(self.pixels, self.split.labels)
            watch.step(self.steps)
            self._show()
            evaluation = evaluate(
                self.split.labels, self.classifier.decision_function(self.pixels), "scores"
            )
            loss = float(evaluation.loss.mean())
            if watch.end(epoch, loss=loss, accuracy=evaluation.accuracy):
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
        scores = self.model.get_layer("scores")
        scores.set_weights([self.classifier.coef_.T, self.classifier.intercept_])
