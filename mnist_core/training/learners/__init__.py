"""What makes a model better, epoch by epoch: `learner_of` gives the `Learner` of a recipe."""

from mnist_core.datasets import Split
from mnist_core.recipes import Recipe
from mnist_core.training.learners.learner import Learner, Watch


def learner_of(recipe: Recipe, split: Split, *, seed: int) -> Learner:
    """The learner that a recipe asks for, with a new model.

    Args:
        recipe: What to train.
        split: The training images.
        seed: For the first weights, the order of the images, their changes and dropout. ≥ 0.
    """
    if recipe.penalty is not None:
        from mnist_core.training.learners.sgd_classifier import SGDClassifierLearner

        return SGDClassifierLearner(recipe, split, seed=seed)
    from mnist_core.training.learners.keras_fit import KerasLearner

    return KerasLearner(recipe, split, seed=seed)


__all__ = ["Learner", "Watch", "learner_of"]
