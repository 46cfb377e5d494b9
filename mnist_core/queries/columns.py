"""What can be asked of an image: `COLUMNS`, each with its meaning and how it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from mnist_core.errors import QueryError
from mnist_core.shapes import MEASURES
from mnist_core.triage import CAUSES

if TYPE_CHECKING:
    from mnist_core.queries.subject import Subject

Kind = Literal["number", "class", "text", "condition"]

Source = Literal["images", "labels", "answers", "causes", "runs"]
"""What a column is known from: the images, their labels, the answers of the run that it is asked
of, what was written down about its errors, or the answers of several runs at once."""


@dataclass(frozen=True)
class Column:
    """Something that is known of every image.

    Attributes:
        name: What it is called in a query.
        kind: What its values are.
        known_from: What they are known from.
        meaning: In a few words.
        of: Its values: numbers `float64` with NaN where unknown, classes `int64`, text `object`,
            conditions bool; shape `(n,)`. Raises QueryError where they cannot be had.
        words: Texts that an image can have, beside those that one has.
        example: A condition about it; empty where `> 1` says as much.
    """

    name: str
    kind: Kind
    known_from: Source
    meaning: str
    of: Callable[[Subject], np.ndarray]
    words: tuple[str, ...] = ()
    example: str = ""

    @property
    def is_of_runs(self) -> bool:
        """Whether it can be asked of other runs, too, as in `wrong["cnn"]`."""
        return self.known_from == "answers"


def _confidence(subject: Subject) -> np.ndarray:
    if subject.shown.output == "scores":
        raise QueryError(
            f"Expected a run with probabilities for “confidence”. Received: {subject.title}, which "
            "answers with scores. Ask for margin, or choose another run."
        )
    return subject.shown.confidence.astype(np.float64)


def _outputs(subject: Subject, name: str) -> np.ndarray:
    """What every class got, of which the lower ranks are known only with the epoch's model."""
    y_prob = subject.shown.y_prob
    if y_prob is None:
        raise QueryError(
            f"Expected an epoch whose model was kept for “{name}”. Received: {subject.title}, of "
            "which only the predictions were. Choose an epoch with its model."
        )
    return y_prob


def _runner_up(subject: Subject) -> np.ndarray:
    """The most of what the others got; of equals, the lower class comes first."""
    outputs = _outputs(subject, "runner_up").copy()
    outputs[np.arange(len(outputs)), subject.shown.y_pred] = -np.inf
    return outputs.argmax(axis=1)


def _rank(subject: Subject) -> np.ndarray:
    """1 for the class with the most; of equals, the lower class comes first."""
    outputs, true = _outputs(subject, "rank"), subject.y_true
    of_true = outputs[np.arange(len(true)), true][:, None]
    classes = np.arange(outputs.shape[1])
    ahead = (outputs > of_true) | ((outputs == of_true) & (classes < true[:, None]))
    return 1.0 + ahead.sum(axis=1)


def _margin(subject: Subject) -> np.ndarray:
    _outputs(subject, "margin")
    return subject.shown.margin.astype(np.float64)


def _loss(subject: Subject) -> np.ndarray:
    _outputs(subject, "loss")
    return subject.shown.loss.astype(np.float64)


def _cause(subject: Subject) -> np.ndarray:
    words = np.full(len(subject.y_true), "", object)
    for position, cause in subject.causes().items():
        words[position] = cause
    return words


def _suspect(subject: Subject) -> np.ndarray:
    is_suspect = np.zeros(len(subject.y_true), bool)
    is_suspect[subject.suspects()] = True
    return is_suspect


def _learned_at(subject: Subject) -> np.ndarray:
    epochs = subject.histories_of(subject.run).settled_epoch.astype(np.float64)
    return np.where(epochs == 0, np.nan, epochs)


def _forgotten(subject: Subject) -> np.ndarray:
    is_forgotten = np.zeros(len(subject.y_true), bool)
    is_forgotten[subject.histories_of(subject.run).forgotten] = True
    return is_forgotten


def _shape(name: str) -> Callable[[Subject], np.ndarray]:
    def measured(subject: Subject) -> np.ndarray:
        shapes = subject.shapes()
        if name not in list(shapes):
            raise QueryError(
                f"Expected images of written characters for “{name}”. Received: a data set of "
                "other pictures. Leave it out."
            )
        return shapes[name]

    return measured


_LISTED = (
    Column(
        "index",
        "number",
        "images",
        "number of the image",
        lambda s: np.arange(len(s.y_true)),
        example="index in (3, 8, 1901)",
    ),
    Column(
        "true",
        "class",
        "labels",
        "true class",
        lambda s: s.y_true,
        example="true in (4, 9)",
    ),
    Column(
        "predicted",
        "class",
        "answers",
        "predicted class",
        lambda s: s.shown.y_pred,
        example="predicted == 7",
    ),
    Column(
        "wrong",
        "condition",
        "answers",
        "the prediction is not the true class",
        lambda s: s.shown.y_pred != s.y_true,
        example='wrong and not wrong["cnn"]',
    ),
    Column(
        "confidence",
        "number",
        "answers",
        "probability of the predicted class",
        _confidence,
        example="confidence < 0.6",
    ),
    Column(
        "runner_up",
        "class",
        "answers",
        "class with the second highest output",
        _runner_up,
        example="runner_up == true",
    ),
    Column(
        "margin",
        "number",
        "answers",
        "lead of the first class over the second",
        _margin,
        example="margin < 0.1",
    ),
    Column("loss", "number", "answers", "loss of the true class", _loss, example="loss > 2"),
    Column(
        "rank",
        "number",
        "answers",
        "rank of the true class, 1 if it is predicted",
        _rank,
        example="rank > 2",
    ),
    Column(
        "cause",
        "text",
        "causes",
        "cause that was written down; '' without one",
        _cause,
        words=("", *CAUSES),
        example="cause == 'ambiguous'",
    ),
    Column(
        "suspect",
        "condition",
        "runs",
        "other models doubt the label",
        _suspect,
        example="suspect and wrong",
    ),
    Column(
        "learned_at",
        "number",
        "answers",
        "epoch from which it stays right; unknown if none",
        _learned_at,
        example="learned_at > 5",
    ),
    Column(
        "forgotten",
        "condition",
        "answers",
        "right at some epoch but wrong after the last",
        _forgotten,
        example="forgotten",
    ),
    *(
        Column(
            measure.name,
            "number",
            "images",
            f"{measure.name} in {measure.unit.strip()}",
            _shape(measure.name),
        )
        for measure in MEASURES.values()
    ),
    Column(
        "n_wrong",
        "number",
        "runs",
        "runs that are wrong at their best epoch",
        lambda s: s.wrong_runs[0],
        example="n_wrong == n_runs",
    ),
    Column(
        "n_runs",
        "number",
        "runs",
        "runs that answered to this split",
        lambda s: s.wrong_runs[1],
        example="n_wrong == n_runs",
    ),
)

COLUMNS = {column.name: column for column in _LISTED}
"""By name, in the order in which they are listed."""
