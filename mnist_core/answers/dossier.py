"""`Dossier`: what is known of the images of a cell of the confusion matrix, or of all mistakes."""

from dataclasses import dataclass

import numpy as np

from mnist_core.answers.evaluation import Answers
from mnist_core.arrays import read_only
from mnist_core.errors import EvaluationError
from mnist_core.shapes import Shapes
from mnist_core.statistics import MannWhitneyTest, holm, mann_whitney_test

ENOUGH = 5
"""Images that a group must have before anything is said of how it differs."""

SUPPORTED = 0.05
"""A difference is reported where chance alone would make one as large less often than this."""


@dataclass(frozen=True)
class Contrast:
    """How the images of a group differ in one measure from those of the class predicted right.

    Attributes:
        measure: Name of the measure, one of `shapes.MEASURES`.
        median: Its median in the group, in the measure's unit.
        right_median: Its median in the images predicted right.
        superiority: How often an image of the group has more of it than one predicted right, ties
            counted half, 0–1.
        p_value: Of the rank test, corrected by Holm for the number of measures, 0–1.
    """

    measure: str
    median: float
    right_median: float
    superiority: float
    p_value: float


@dataclass(frozen=True, eq=False)
class Dossier:
    """A group of images compared with those of the same class that were predicted right; read-only.

    The group is a cell of the confusion matrix where both classes are given, else all mistakes of a
    row (the false negatives of a class) or of a column (its false positives).

    Attributes:
        true: True class of the group; `None` for false positives.
        predicted: Its predicted class; `None` for false negatives.
        positions: Its images, the most confident first. `int64`, shape `(n,)`, n ≥ 1.
        support: Images it is a part of: those of the true class, or, for false positives, those
            predicted so.
        right_count: Images of the class that were predicted right.
        confidence: Median confidence in the group, 0–1, or median score.
        right_confidence: The same of the images predicted right; NaN where there is none.
        confidence_test: Whether the two differ by more than chance; `None` where there are too few
            images, or where the group itself was predicted right.
        runner_up: Images whose true class came second; `None` where that is not known, or where the
            group was predicted right.
        contrasts: The measures in which the group differs by more than chance, the clearest first;
            `None` where nothing can be said, for the same reasons as above.
        mean_image: Mean grey levels, 0–255. `float32`, shape `(28, 28)`.
        typical: Position of the image nearest to the mean image, by squared distance of the grey
            levels. It is the medoid too: the one with the least squared distance to all others.
        oddest: Position of the image farthest from the mean image. Ties go to the most confident
            image (typical) and to the least confident one (oddest).
    """

    true: int | None
    predicted: int | None
    positions: np.ndarray
    support: int
    right_count: int
    confidence: float
    right_confidence: float
    confidence_test: MannWhitneyTest | None
    runner_up: int | None
    contrasts: tuple[Contrast, ...] | None
    mean_image: np.ndarray
    typical: int
    oddest: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", read_only(self.positions))
        object.__setattr__(self, "mean_image", read_only(self.mean_image))

    @property
    def label(self) -> int:
        """The class that the group is compared with: its true one, else the predicted one."""
        label = self.predicted if self.true is None else self.true
        assert label is not None
        return label

    @property
    def is_right(self) -> bool:
        """Whether the group itself was predicted right, a cell on the diagonal."""
        return self.true == self.predicted


def compile_dossier(
    answers: Answers,
    images: np.ndarray,
    shapes: Shapes,
    *,
    true: int | None = None,
    predicted: int | None = None,
) -> Dossier:
    """Put together what is known of a cell (both classes) or of false negatives or positives (one).

    Args:
        answers: What the model answered to a split; with `y_prob` the runner-up is known too.
        images: Images of the split. `uint8`, shape `(n, 28, 28)`.
        shapes: Their measures.
        true: True class.
        predicted: Predicted class.

    Raises:
        EvaluationError: No class is given, the group is empty, or the images are not those of the
            answers.
    """
    if not len(answers) == len(images) == len(shapes):
        raise EvaluationError(
            f"Expected images and measures of the {len(answers):,} answers. Received: "
            f"{len(images):,} images and {len(shapes):,} measures. Take those of the same split."
        )
    label = predicted if true is None else true
    if label is None:
        raise EvaluationError("Expected a true or a predicted class. Received: none. Name one.")
    positions, is_right = answers.find(true, predicted), true == predicted
    if not len(positions):
        raise EvaluationError(
            f"Expected images of {'any class' if true is None else true} predicted as "
            f"{'any other' if predicted is None else predicted}. Received: none. Choose another "
            "cell."
        )
    right = answers.find(label, label)
    # Medians of half-precision numbers would lose their decimals.
    confidence = answers.confidence.astype(np.float64)
    is_testable = not is_right and min(len(positions), len(right)) >= ENOUGH
    typical, oddest = _typical_and_oddest(images[positions])
    return Dossier(
        true=true,
        predicted=predicted,
        positions=positions,
        support=int(np.sum((answers.y_pred if true is None else answers.y_true) == label)),
        right_count=len(right),
        confidence=float(np.median(confidence[positions])),
        right_confidence=float(np.median(confidence[right])) if len(right) else np.nan,
        confidence_test=mann_whitney_test(confidence[positions], confidence[right])
        if is_testable
        else None,
        runner_up=None if is_right else _runner_up(answers, positions),
        contrasts=_contrasts(shapes, positions, right) if is_testable else None,
        mean_image=images[positions].mean(axis=0, dtype=np.float64).astype(np.float32),
        typical=int(positions[typical]),
        oddest=int(positions[oddest]),
    )


def _runner_up(answers: Answers, positions: np.ndarray) -> int | None:
    """How many of these mistakes had their true class second."""
    if answers.y_prob is None:
        return None
    others = answers.y_prob[positions]
    others[np.arange(len(positions)), answers.y_pred[positions]] = -np.inf
    return int(np.sum(others.argmax(axis=1) == answers.y_true[positions]))


def _contrasts(shapes: Shapes, positions: np.ndarray, right: np.ndarray) -> tuple[Contrast, ...]:
    """The measures that a test supports, the clearest first."""
    measured = []
    for name in shapes:
        group, others = (shapes[name][which] for which in (positions, right))
        group, others = group[~np.isnan(group)], others[~np.isnan(others)]
        if min(len(group), len(others)) >= ENOUGH:
            test = mann_whitney_test(group, others)
            measured.append((name, float(np.median(group)), float(np.median(others)), test))
    p_values = holm([test.p_value for *_, test in measured])
    supported = [
        Contrast(name, median, right_median, test.superiority, p_value)
        for (name, median, right_median, test), p_value in zip(measured, p_values, strict=True)
        if p_value < SUPPORTED
    ]
    return tuple(sorted(supported, key=lambda contrast: -abs(contrast.superiority - 0.5)))


def _typical_and_oddest(images: np.ndarray) -> tuple[int, int]:
    """The nearest to the mean image and the farthest, in whole numbers, so that ties are ties."""
    flat = images.reshape(len(images), -1)
    total = flat.sum(axis=0, dtype=np.int64)
    squares = np.einsum("ni,ni->n", flat, flat, dtype=np.int64)
    # n·|x − mean|² without what is the same for all.
    distance = len(flat) * squares - 2 * np.einsum("ni,i->n", flat, total, dtype=np.int64)
    return int(distance.argmin()), len(flat) - 1 - int(distance[::-1].argmax())
