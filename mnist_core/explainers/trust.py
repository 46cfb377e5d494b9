"""How far a map can be trusted: whether its pixels count, and what it agrees with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Call, call_here, check_images
from mnist_core.explainers.gradients import answers
from mnist_core.explainers.target import Target

N_ORDERS = 20
"""Random orders that a map is held against."""

_STEP = 28
"""Pixels between two points of a curve."""

TOP = 40
"""The pixels of most weight, about a third of a digit's ink."""


@dataclass(frozen=True, eq=False)
class Curves:
    """What a model answers while pixels are covered or uncovered in the order of a map; read-only.

    Attributes:
        share: Of the pixels that are covered, or uncovered. `float64`, shape `(points,)`, 0 to 1.
        deletion: Answer while the pixels that speak most for it are covered first; it should fall
            soon. `float64`, shape `(points,)`.
        insertion: Answer while they are uncovered first; it should rise soon. `(points,)`.
        random_deletion: Deletion in random orders. `float64`, shape `(20, points)`.
        random_insertion: Insertion in the same orders. `float64`, shape `(20, points)`.
    """

    share: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    random_deletion: np.ndarray
    random_insertion: np.ndarray

    def area(self, curve: np.ndarray) -> np.ndarray:
        """Mean answer under a curve, by trapezoids; of several curves one each."""
        return np.asarray(np.trapezoid(curve, self.share, axis=-1))


def curves(
    model_file: Path,
    image: np.ndarray,
    background: np.ndarray,
    target: Target,
    values: np.ndarray,
    *,
    seed: int = 0,
    call: Call = call_here,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Curves:
    """Cover the pixels of an image with the mean background image, and uncover them.

    Source: Petsiuk, Das, Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box
    Models" (2018), section 4.3.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255; their mean covers. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        target: One number: one class, or the difference of two.
        values: The map of that number. Floats, shape `(28, 28)`.
        seed: Of the random orders.
        call: Runs the model on the images of each order; in the dashboard `worker.call`.
        on_progress: Called after each order with the orders done and in all; what it raises stops
            the rest.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above.
    """
    check_images(image, background)
    random = np.random.default_rng(seed)
    orders = [np.argsort(-values, axis=None, kind="stable")]
    orders += [random.permutation(image.size) for _ in range(N_ORDERS)]
    counts = np.arange(0, image.size + 1, _STEP)
    mean = background.mean(axis=0)
    found = []
    for order in orders:
        images = [_covered(image, mean, order, counts), _covered(mean, image, order, counts)]
        found.append(call(answers, model_file, np.concatenate(images), target)[:, 0])
        on_progress(len(found), len(orders))
    both = np.array(found, np.float64).reshape(len(orders), 2, len(counts))
    deletion, insertion = both[:, 0], both[:, 1]
    return Curves(
        share=read_only(counts / image.size),
        deletion=read_only(deletion[0]),
        insertion=read_only(insertion[0]),
        random_deletion=read_only(deletion[1:]),
        random_insertion=read_only(insertion[1:]),
    )


def _covered(
    image: np.ndarray, cover: np.ndarray, order: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """An image with the first pixels of an order taken from another. `(counts, 28, 28)`."""
    rank = np.empty(image.size, np.int64)
    rank[order] = np.arange(image.size)
    is_covered = rank.reshape(image.shape) < counts[:, np.newaxis, np.newaxis]
    return np.where(is_covered, cover, image).astype(np.float32)


@dataclass(frozen=True)
class Agreement:
    """How alike two maps are.

    Attributes:
        rank_correlation: Spearman's, over all pixels, −1 to 1; NaN where a map is the same
            everywhere.
        shared_top: Share of the 40 pixels of most weight, whatever their sign, that both have.
    """

    rank_correlation: float
    shared_top: float


def agreement(one: np.ndarray, other: np.ndarray) -> Agreement:
    """Compare two maps pixel by pixel.

    Args:
        one: Floats, shape `(28, 28)`.
        other: Floats, same shape.
    """
    ranks = np.array([_ranks(values) for values in (one, other)])
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    length = float(np.sqrt((centred**2).sum(axis=1)).prod())
    correlation = float(centred[0] @ centred[1]) / length if length > 0 else float("nan")
    tops = [
        set(np.argsort(-np.abs(values), axis=None, kind="stable")[:TOP]) for values in (one, other)
    ]
    return Agreement(correlation, len(tops[0] & tops[1]) / TOP)


def _ranks(values: np.ndarray) -> np.ndarray:
    """The rank of each number, the mean rank of equal ones. Shape `(n,)`.

    By ourselves, since scipy's statistics take a fifth of the memory of a server that shows pages.
    """
    _, place, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def spread(attributions: Sequence[Attribution]) -> np.ndarray:
    """How much each pixel of some attributions of the same numbers differs.

    Args:
        attributions: At least two, such as against different background images.

    Returns:
        Standard deviation of a single one (n − 1). `float64`, shape `(maps, 28, 28)`.
    """
    return np.std([one.values for one in attributions], axis=0, ddof=1, dtype=np.float64)
