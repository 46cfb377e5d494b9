"""Every image of a split predicted by a model that did not train on it, fold by fold."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.errors import RecipeError
from mnist_core.files.cache_files import FOLDS, Expected
from mnist_core.inference.prediction import predict_in_batches
from mnist_core.recipes import RECIPES, Recipe
from mnist_core.training.learners import learner_of

if TYPE_CHECKING:
    import tensorflow as tf


@dataclass(frozen=True)
class Plan:
    """How to cross-validate a split.

    Attributes:
        recipe: What is trained, for its `max_epochs`: nothing is held back to stop it by.
        n_folds: Parts that the images are cut into; the models of each train on all the others.
        seed: For the cut, the first weights and the order of the images. ≥ 0.

    Raises:
        RecipeError: Fewer than two folds, or a recipe that answers with scores.
    """

    recipe: Recipe
    n_folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        if self.n_folds < 2:
            raise RecipeError(
                f"Expected two or more folds. Received: {self.n_folds}. Cut into more."
            )
        if self.recipe.output != "probabilities":
            raise RecipeError(
                "Expected a recipe whose models answer with probabilities. Received: "
                f"{self.recipe.name}. Choose another."
            )

    def __str__(self) -> str:
        return (
            f"{self.recipe.name}, {self.recipe.max_epochs} epochs, in {self.n_folds} folds, "
            f"seed {self.seed}"
        )


@dataclass(frozen=True)
class FoldProgress:
    """How far a cross-validation has come.

    Attributes:
        fold: The fold under way, counted from 1.
        n_folds: Folds in all.
        share: Of the training that was missing at the start, 0–1.
        seconds_left: Estimate until the last fold is done.
    """

    fold: int
    n_folds: int
    share: float
    seconds_left: float


def default_plan(split: Split) -> Plan:
    """The recipe `cnn` in five folds, for 2 epochs of MNIST and up to 8 of smaller splits.

    Recipes were compared by labels that even four of the best bundled models, which trained on
    them, doubt: 10 of them are among the 20 labels that `cnn` suspects most, 4 among those of
    `simple-conv` in 4 epochs.
    """
    recipe = RECIPES["cnn"]
    return Plan(replace(recipe, max_epochs=min(8, max(2, -(-80_000 // len(split))))))


def folds_of(labels: np.ndarray, plan: Plan) -> np.ndarray:
    """Which fold, from 0, each image belongs to: chosen at random, the classes spread evenly.

    Args:
        labels: Class of each image. `uint8`, shape `(n,)`.
        plan: The number of folds and the seed.

    Returns:
        `int64`, shape `(n,)`. Folds, and the images of a class in them, differ by at most one.

    Raises:
        RecipeError: There are fewer images than folds.
    """
    if len(labels) < plan.n_folds:
        raise RecipeError(
            f"Expected an image or more in each of {plan.n_folds} folds. Received: {len(labels)} "
            "images. Take more images."
        )
    shuffled = np.random.default_rng(plan.seed).permutation(len(labels))
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    folds = np.empty(len(labels), np.int64)
    folds[by_class] = np.arange(len(labels)) % plan.n_folds
    return folds


def stored_folds(plan: Plan, split: Split, cache: Path) -> Mapping[int, np.ndarray]:
    """The folds, from 0, that are in the cache folder.

    Returns:
        Of each the probabilities, 0–1, of its images in their order. `float32`, shape
        `(images of the fold, n_classes)`.

    Raises:
        RecipeError: There are fewer images than folds.
    """
    folds = folds_of(split.labels, plan)
    read = {fold: _read(plan, split, cache, fold, folds) for fold in range(plan.n_folds)}
    return {fold: y_prob for fold, y_prob in read.items() if y_prob is not None}


def read_cross_validated(plan: Plan, split: Split, cache: Path) -> np.ndarray | None:
    """What `cross_validate` gives, if every fold of it is in the cache folder; else `None`."""
    answers = stored_folds(plan, split, cache)
    if len(answers) < plan.n_folds:
        return None
    return _put_together(answers, folds_of(split.labels, plan))


def cross_validate(
    plan: Plan,
    split: Split,
    cache: Path,
    *,
    on_progress: Callable[[FoldProgress], None] = lambda progress: None,
) -> np.ndarray:
    """Probabilities for every image of a split by models that did not train on it.

    A fold is stored once it is done: whatever stops this, calling it again goes on behind it.

    Args:
        plan: What is trained, and how the split is cut.
        split: The images.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        on_progress: Called several times a second; what it raises stops the training.

    Returns:
        Probabilities, 0–1, read-only. `float32`, shape `(n, n_classes)`.

    Raises:
        RecipeError: There are fewer images than folds.
    """
    folds = folds_of(split.labels, plan)
    answers = dict(stored_folds(plan, split, cache))
    missing = [fold for fold in range(plan.n_folds) if fold not in answers]
    started = time.monotonic()
    for n_done, fold in enumerate(missing):

        def tell(share_of_fold: float, n_done: int = n_done, fold: int = fold) -> None:
            share = (n_done + share_of_fold) / len(missing)
            seconds_left = (time.monotonic() - started) / share * (1 - share)
            on_progress(FoldProgress(fold + 1, plan.n_folds, share, seconds_left))

        y_prob = _train_and_answer(plan, split, folds == fold, tell)
        arrays = {"indices": np.flatnonzero(folds == fold), "y_prob": y_prob}
        FOLDS.write(cache, *_key(plan, split, fold), arrays=arrays)
        answers[fold] = y_prob
    return _put_together(answers, folds)


def _train_and_answer(
    plan: Plan, split: Split, is_held_out: np.ndarray, tell: Callable[[float], None]
) -> np.ndarray:
    others = replace(split, images=split.images[~is_held_out], labels=split.labels[~is_held_out])
    learner = learner_of(plan.recipe, others, seed=plan.seed)
    learner.fit(done=0, watch=_FoldWatch(plan.recipe.max_epochs, learner.steps, tell))

    def answer(images: np.ndarray) -> tf.Tensor:
        # Not compiled: TensorFlow warns of a process that compiles the same for every fold.
        return learner.model([images.astype(np.float32)], training=False)

    return predict_in_batches(answer, split.images[is_held_out])


class _FoldWatch:
    """Trains a fold for all of its epochs and tells which share of them is done."""

    def __init__(self, max_epochs: int, steps: int, tell: Callable[[float], None]) -> None:
        self.max_epochs, self.steps, self.tell = max_epochs, steps, tell

    def begin(self, epoch: int) -> None:
        self.epoch = epoch

    def step(self, step: int) -> None:
        self.tell((self.epoch - 1 + step / self.steps) / self.max_epochs)

    def end(self, epoch: int, *, loss: float, accuracy: float) -> bool:
        return epoch >= self.max_epochs


def _put_together(answers: Mapping[int, np.ndarray], folds: np.ndarray) -> np.ndarray:
    y_prob = np.empty((len(folds), answers[0].shape[1]), np.float32)
    for fold, answered in answers.items():
        y_prob[folds == fold] = answered
    return read_only(y_prob)


def _key(plan: Plan, split: Split, fold: int) -> tuple[str, ...]:
    named = [field.name for field in fields(Recipe) if field.name != "build"]
    trained = {name: getattr(plan.recipe, name) for name in named}
    key = hashlib.sha256(repr((trained, plan.n_folds, plan.seed)).encode()).hexdigest()
    return key, split.fingerprint, f"fold-{fold + 1}"


def _read(plan: Plan, split: Split, cache: Path, fold: int, folds: np.ndarray) -> np.ndarray | None:
    indices = np.flatnonzero(folds == fold)
    expected = {
        "indices": Expected(np.int64, (len(indices),)),
        "y_prob": Expected(np.float32, (len(indices), split.n_classes)),
    }
    stored = FOLDS.read(cache, *_key(plan, split, fold), expected=expected)
    # Another release of NumPy may cut other folds, whose models did train on these images.
    if stored is None or not np.array_equal(stored["indices"], indices):
        return None
    return stored["y_prob"]
