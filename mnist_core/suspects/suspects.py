"""`Suspects`: the images of a split, those first whose labels the models doubt most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from mnist_core.answers.evaluation import evaluate
from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.errors import EvaluationError, RunError
from mnist_core.inference.prediction import Predict, predict, predict_split
from mnist_core.runs import Checkpoint, Run
from mnist_core.runs.choosing import best_first

MOST_RUNS = 10
"""So many runs are asked for evidence, the best on validation."""


@dataclass(frozen=True, eq=False)
class Suspects:
    """Every image of a split, the most suspect label first; read-only.

    Attributes:
        indices: Position of each image in its split. `int64`, shape `(n,)`, a permutation.
        given: Class that the data set says it shows. `int64`, shape `(n,)`.
        suggested: Class that the models on average find most probable, which is the given one
            where they agree with it. `int64`, shape `(n,)`.
        score: Label quality, 0–1, ascending: below 0.5 another class is more probable than the
            given one. `float64`, shape `(n,)`.
        evidence: The models that were asked, in words.
    """

    indices: np.ndarray
    given: np.ndarray
    suggested: np.ndarray
    score: np.ndarray
    evidence: tuple[str, ...]

    def __post_init__(self) -> None:
        for field in fields(self)[:-1]:
            object.__setattr__(self, field.name, read_only(getattr(self, field.name)))

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def n_disputed(self) -> int:
        """How many labels, the first ones, the models on average doubt."""
        return int(np.searchsorted(self.score, 0.5))


def rank_suspects(
    y_true: np.ndarray, y_probs: Sequence[np.ndarray], evidence: Sequence[str] = ()
) -> Suspects:
    """Rank labels by what models that did not train on the images make of them.

    The score is cleanlab's normalized margin (Northcutt, Jiang, Chuang 2021; Kuan, Mueller 2022)
    of the models' mean probabilities: half of 1 + that of the given class − the highest of
    another. Imports cleanlab: 1 s and 85 MB the first time.

    Args:
        y_true: Given class of each image, 0 to `n_classes - 1`. `uint8`, shape `(n,)`, n ≥ 1.
        y_probs: Of one or more models the probabilities, 0–1. Floats, shape `(n, n_classes)` each.
        evidence: The models, in words.

    Raises:
        EvaluationError: There is no model, or shapes, range or classes do not fit together.
    """
    from cleanlab.rank import get_label_quality_scores

    evaluations = [evaluate(y_true, y_prob) for y_prob in y_probs]
    widths = {evaluation.n_classes for evaluation in evaluations}
    if len(widths) != 1 or min(widths) < 2:
        raise EvaluationError(
            "Expected probabilities of one or more models that tell the same two or more classes "
            f"apart. Received: {len(evaluations)} models of {sorted(widths)} classes. Choose "
            "other runs."
        )
    given = np.asarray(y_true, np.int64)
    mean = np.mean([evaluation.outputs for evaluation in evaluations], axis=0, dtype=np.float64)
    mean = mean.clip(0, 1)  # float32 can leave a sure answer a hair above 1
    score = get_label_quality_scores(given, mean, method="normalized_margin")
    order = np.argsort(score, kind="stable")
    return Suspects(order, given[order], mean.argmax(axis=1)[order], score[order], tuple(evidence))


def find_suspects(
    checkpoints: Sequence[Checkpoint], split: Split, cache: Path, *, predict: Predict = predict
) -> Suspects:
    """Rank the labels of a split by checkpoints that were held out from it (see `witnesses`).

    Raises:
        CheckpointError: A model's file is not there or is not a model we can use.
        EvaluationError: There is no checkpoint, or the models tell other classes apart.
    """
    y_probs = [predict_split(found, split, cache, predict=predict) for found in checkpoints]
    return rank_suspects(split.labels, y_probs, [in_words(found) for found in checkpoints])


def in_words(checkpoint: Checkpoint) -> str:
    """A checkpoint as evidence names it."""
    return f"{checkpoint.run} epoch {checkpoint.epoch}"


def witnesses(runs: Sequence[Run], split: Split) -> tuple[Checkpoint, ...]:
    """The best epochs of the runs that may judge a split's labels, best run first.

    Of the runs that `objection` lets pass the `MOST_RUNS` best on validation. Validation chose
    these epochs, so they judge its labels a little less fairly than those of test.
    """
    heard = best_first(run for run in runs if objection(run, split) is None)
    return tuple(run.checkpoint(run.best_epoch or 0) for run in heard[:MOST_RUNS])


def named_witnesses(runs: Sequence[Run], split: Split) -> tuple[Checkpoint, ...]:
    """The best epochs of runs that were named.

    Raises:
        RunError: One of them may not judge the split's labels.
    """
    for run in runs:
        if reason := objection(run, split):
            raise RunError(
                f"Expected a run whose models did not see the {split.name} images in training. "
                f"Received: {run.name}: {reason}. Choose another run."
            )
    return tuple(run.checkpoint(run.best_epoch or 0) for run in runs)


def objection(run: Run, split: Split) -> str | None:
    """Why a run may not judge a split's labels, as the end of a sentence; else `None`.

    What counts is the run's own record of its data: the split must be one that was cut off
    beside the images it trained on. A split that the record does not name could hold the same
    images in another cut, as mnist's validation holds those that mnist-5k trains on.
    """
    if run.state not in ("finished", "stopped"):
        return "what it was trained on is not known" if run.state == "imported" else "not finished"
    if run.output != "probabilities":
        return "it answers with scores, which are not probabilities"
    if "train" not in run.fingerprints:
        return "what it was trained on is not known"
    if split.fingerprint == run.fingerprints["train"]:
        return "it was trained on these images"
    if split.fingerprint not in run.fingerprints.values():
        return "nothing says that it was not trained on some of these images"
    if run.best_epoch is None or not run.has_checkpoint(run.best_epoch):
        return "the model of its best epoch was not kept"
    return None
