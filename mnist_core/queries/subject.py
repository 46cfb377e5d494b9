"""`Subject`: what a query is asked about: a run's answers to a split, and what else is known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mnist_core.answers.evaluation import Answers
from mnist_core.errors import QueryError
from mnist_core.runs.learning_histories import LearningHistories
from mnist_core.shapes import Shapes

_EPOCH = re.compile("[1-9][0-9]{0,4}")
"""As it is written behind @: one way for each, so that `cnn@3` is what was gathered for `cnn@3`."""

AnswersOf = Callable[[str, int | None], Answers]


@dataclass(frozen=True, eq=False)
class Subject:
    """What a query is asked about. What may take long is asked for only where a query names it.

    Attributes:
        title: Run and epoch, in words.
        run: Name of the run.
        y_true: True class of each image. `uint8`, shape `(n,)`.
        answers: What the run answered to the split after that epoch; `None` where no run is on
            show.
        class_names: Name of each class.
        runs: Names of the runs that recorded their answers to the split.
        answers_of: What a run answered to the split, by its name and epoch; `None` is its best.
        causes: Gives the cause of each image that has one, by position.
        suspects: Gives the positions of images whose label other models doubt. Integers.
        histories_of: How a run learned each image, by its name. Raises QueryError where unknown.
        shapes: Gives what was measured of each image.
        others: Names of the runs that can be asked too, though they recorded nothing.
    """

    title: str
    run: str
    y_true: np.ndarray
    answers: Answers | None
    class_names: Sequence[str]
    runs: Sequence[str]
    answers_of: AnswersOf
    causes: Callable[[], Mapping[int, str]]
    suspects: Callable[[], np.ndarray]
    histories_of: Callable[[str], LearningHistories]
    shapes: Callable[[], Shapes]
    others: Sequence[str] = ()

    @property
    def shown(self) -> Answers:
        """What the run on show answered.

        Raises:
            QueryError: There is none.
        """
        if self.answers is None:
            raise QueryError(
                "Expected a query that names the run whose answers it uses, since none is on show. "
                'Received: one that does not. Name it, as in wrong["cnn"].'
            )
        return self.answers

    def of_run(self, name: str) -> Subject:
        """The same of another run: `cnn` at its best epoch, `cnn@3` at its third.

        Raises:
            QueryError: No such run has answers to the split.
        """
        run, _, epoch = name.partition("@")
        known = tuple(dict.fromkeys((*self.runs, *self.others)))
        if run not in known:
            near = difflib.get_close_matches(run, known, 1, 0.4)
            there = f"There are: {', '.join(known)}." if known else "There is none."
            raise QueryError(
                f"Expected a run with answers to these images. Received: “{run[:60]}”. "
                f"{f'Did you mean “{near[0]}”?' if near else there}"
            )
        if "@" in name and not _EPOCH.fullmatch(epoch):
            raise QueryError(
                f"Expected an epoch behind @, as in “{run}@3”. Received: “{epoch[:20]}”. Write a "
                "whole number from 1 on."
            )
        answers = self.answers_of(run, int(epoch) if epoch else None)
        at = f"epoch {epoch}" if epoch else "its best epoch"
        return replace(self, title=f"{run} · {at}", run=run, answers=answers)

    @cached_property
    def wrong_runs(self) -> tuple[np.ndarray, np.ndarray]:
        """In how many runs each image is wrong at their best epoch, and how many runs these are.

        `float64`, shape `(n,)` each.

        Raises:
            QueryError: There is no such run.
        """
        true = self.y_true
        if not self.runs:
            raise QueryError(
                "Expected runs that recorded their answers to these images, for “n_wrong” and "
                "“n_runs”. Received: none. Leave these out."
            )
        wrong = np.zeros(len(true))
        for name in self.runs:
            wrong += self.answers_of(name, None).y_pred != true
        return wrong, np.full(len(true), float(len(self.runs)))
