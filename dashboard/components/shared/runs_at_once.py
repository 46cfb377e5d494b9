"""The runs that are looked at all at once, each at its best epoch, and what they answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import answers_job
from dashboard.loading.sets import is_chosen_by
from dashboard.visit.selection import EVERY_RUN, Selection
from dashboard.visit.view import RunAndEpoch, View
from mnist_core.answers.brief_answers import BriefAnswers
from mnist_core.answers.many_runs import ManyRuns
from mnist_core.datasets import Split, class_names
from mnist_core.runs import Run
from mnist_core.runs.choosing import best_to_see

FEW = 20
"""So many runs are all looked at where none are chosen."""

MOST_AT_FIRST = 12
"""Of more than these the best on validation."""


@dataclass(frozen=True, eq=False)
class RunsAtOnce:
    """What several runs answered to the split of a view, the most accurate run first.

    Attributes:
        shown: The runs, each with the epoch that is looked at.
        answers: What each of them answered to every image of the split.
        counted: The same of the images that count; positions in it are not the split's.
        positions: Where these lie in the split. `int64`, shape `(n,)`.
        against: Why other runs that were asked for are missing, a sentence by name.
        is_tested: Whether chance can be spoken of: answers of none of the runs decided which images
            count.
    """

    shown: Sequence[RunAndEpoch]
    answers: Sequence[BriefAnswers]
    counted: ManyRuns
    positions: np.ndarray
    against: Mapping[str, str]
    is_tested: bool

    @property
    def names(self) -> list[str]:
        """Names of the runs."""
        return [one.run.name for one in self.shown]

    def place(self, name: str | None) -> int | None:
        """Where a run stands among them; `None` where it is not one of them."""
        return self.names.index(name) if name in self.names else None

    def class_names(self, view: View) -> tuple[str, ...]:
        """Name of each class that any of the runs tells apart."""
        return class_names(view.outline, max(brief.n_classes for brief in self.answers))


def chosen_runs(
    usable: Sequence[Run], split: Split, selection: Selection
) -> tuple[RunAndEpoch, ...]:
    """The runs to look at all at once, the best on validation first.

    Args:
        usable: All with something to show on the split, in that order.
        split: The images.
        selection: What is looked at, perhaps with a choice of runs.
    """
    if selection.runs is None:
        runs = usable if len(usable) <= FEW else usable[:MOST_AT_FIRST]
    else:
        wanted = set(selection.runs.split(","))
        runs = [run for run in usable if run.name in wanted or EVERY_RUN in wanted]
    return tuple(RunAndEpoch(run, best_to_see(run, split)) for run in runs)


def runs_at_once(view: View) -> RunsAtOnce | None:
    """What the chosen runs answered.

    Returns:
        `None` while that is gathered, or where nothing of it can be read; both are shown.
    """
    asked = chosen_runs(view.usable_runs, view.split, view.selection)
    answered = long_work(*answers_job(asked, view.split), is_kept=False)
    if answered is None:
        return None
    found = [(one, answered.answers.get((one.run.name, one.epoch))) for one in asked]
    there = [(one, brief) for one, brief in found if brief is not None]
    if not there:
        why = " ".join(list(answered.against.values())[:1])
        st.info(words.plain(f"None of {words.run_count(len(asked))} can be read. {why}"))
        return None
    positions, labels = view.counted_positions, view.split.labels
    n_wrong = [int((b.predicted != labels)[positions].sum()) for _, b in there]
    there = [there[place] for place in np.argsort(n_wrong, kind="stable")]
    counted = ManyRuns(
        labels[positions], np.stack([brief.predicted[positions] for _, brief in there])
    )
    against = {name: reason for (name, _), reason in answered.against.items()}
    shown, answers = [one for one, _ in there], [brief for _, brief in there]
    is_tested = not is_chosen_by(view, [one.run for one in shown])
    return RunsAtOnce(shown, answers, counted, positions, against, is_tested)
