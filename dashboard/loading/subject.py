"""What a query is asked about: the answers on show, and what the server knows beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from dashboard.loading.answers import load_answers, load_recorded
from dashboard.loading.images import load_shapes
from dashboard.visit.view import RunAndEpoch, View
from mnist_core.answers.brief_answers import BriefAnswers
from mnist_core.answers.evaluation import Answers
from mnist_core.errors import QueryError
from mnist_core.queries import Query, Subject
from mnist_core.runs import Run
from mnist_core.runs.learning_histories import LearningHistories, learning_histories
from mnist_core.suspects import Suspects

_IN_BRIEF = ("predicted", "wrong", "confidence")
"""Columns for which classes and confidences are enough."""


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a query needs beside the answers on show, and what takes long to gather.

    Attributes:
        suspects: The labels of the split, ranked; `None` where no model may judge them.
        answers: What other runs answered, by name and epoch.
        against: Why there are no such answers, in a sentence, likewise.
    """

    suspects: Suspects | None = None
    answers: Mapping[tuple[str, int], BriefAnswers] = field(default_factory=dict)
    against: Mapping[tuple[str, int], str] = field(default_factory=dict)


def runs_named(view: View, query: Query) -> list[RunAndEpoch]:
    """The runs that a query names, as far as they are there, each at the epoch it is asked of."""
    usable, named = _usable(view), []
    for name in query.runs:
        run, _, epoch = name.partition("@")
        at = int(epoch) if epoch.isascii() and epoch.isdigit() and len(epoch) < 6 else None
        if run in usable and (at or not epoch):
            named.append(RunAndEpoch(usable[run], at or usable[run].best_epoch or 0))
    return named


def runs_counted(view: View) -> list[RunAndEpoch]:
    """The runs that `n_wrong` counts, at their best epoch: those that recorded their answers."""
    return [
        RunAndEpoch(run, run.best_epoch)
        for run in _usable(view).values()
        if run.best_epoch and run.has_answers_to(view.split)
    ]


def load_subject(view: View, query: Query, gathered: Gathered) -> Subject:
    """What a query about the images of a view is asked about.

    Args:
        view: What the page shows.
        query: It names what must be known of other runs.
        gathered: What was gathered for it.
    """
    split, usable = view.split, _usable(view)
    in_full = {reference.run for reference in query.references if reference.column not in _IN_BRIEF}

    def answers_of(name: str, epoch: int | None) -> Answers:
        run, at = usable[name], epoch or usable[name].best_epoch or 0
        if reason := gathered.against.get((name, at)):
            raise QueryError(reason)
        if in_full & {f"{name}@{epoch}" if epoch else name}:
            return load_answers(run, at, split)
        return gathered.answers[name, at].in_full(split.labels)

    def doubted() -> np.ndarray:
        if gathered.suspects is None:
            raise QueryError(
                f"Expected runs that may judge the labels of {split.name}, for “suspect”. "
                "Received: none. Leave it out."
            )
        return gathered.suspects.indices[: gathered.suspects.n_disputed]

    return Subject(
        title=f"{view.run.name} · epoch {view.epoch}",
        run=view.run.name,
        y_true=view.split.labels,
        answers=view.answers,
        class_names=view.class_names,
        runs=[
            one.run.name
            for one in runs_counted(view)
            if (one.run.name, one.epoch) not in gathered.against
        ],
        answers_of=answers_of,
        causes=lambda: {
            position: entry.cause
            for position, entry in view.causes.items()
            if entry.cause is not None
        },
        suspects=doubted,
        histories_of=lambda name: _histories(view, usable.get(name, view.run)),
        shapes=lambda: load_shapes(view),
        others=list(usable),
    )


def _usable(view: View) -> dict[str, Run]:
    return {run.name: run for run in sorted(view.usable_runs, key=lambda run: run.name)}


def _histories(view: View, run: Run) -> LearningHistories:
    recorded = load_recorded(run, view.split)
    if recorded is None:
        raise QueryError(
            f"Expected a run that recorded its answers to {view.split.name} after every epoch. "
            f"Received: {run.name}. Leave learned_at and forgotten out, or choose another run."
        )
    return learning_histories(recorded, view.split.labels)
