"""What the images of a split are asked about by a command's query, or by a set's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mnist_core import settings
from mnist_core.commands.answered import answers_after, predict_quietly, recorded_answers
from mnist_core.errors import QueryError, SetError

if TYPE_CHECKING:
    from mnist_core.answers.evaluation import Answers
    from mnist_core.datasets import Dataset, Split
    from mnist_core.queries import Query, Subject
    from mnist_core.runs import Run
    from mnist_core.runs.learning_histories import LearningHistories
    from mnist_core.sets import ImageSet

_CLASSES = ("predicted", "wrong")
"""Columns for which the classes are enough that were recorded in training."""


def subject_of(
    dataset: Dataset,
    split: Split,
    query: Query,
    class_names: tuple[str, ...],
    *,
    shown: tuple[Run, int, Answers] | None = None,
) -> Subject:
    """What a query about a split is asked about; of other runs only what it names is read.

    Args:
        dataset: The data set.
        split: Of it.
        query: What will be asked.
        class_names: Name of each class.
        shown: Run and epoch on show, and what that answered; `None` where no run is.
    """
    from mnist_core.queries import Subject
    from mnist_core.runs import list_runs
    from mnist_core.shapes import measure
    from mnist_core.suspects import find_suspects, witnesses
    from mnist_core.triage import triage_of

    runs = {found.name: found for found in list_runs(settings.models_folder())}
    exactly = {ref.run for ref in query.references if ref.column not in _CLASSES}

    def answers_of(name: str, epoch: int | None) -> Answers:
        run, at = runs[name], epoch or runs[name].best_epoch or 0
        recorded = recorded_answers(run, split)
        if (f"{name}@{epoch}" if epoch else name) in exactly or recorded is None:
            return answers_after(run, at, split)
        known = at in recorded.epochs
        return recorded.after(at, split.labels, run) if known else answers_after(run, at, split)

    def causes() -> dict[int, str]:
        found = triage_of(dataset.name, settings.home_folder()).causes(split.fingerprint)
        return {place: entry.cause for place, entry in found.items() if entry.cause is not None}

    def suspects() -> np.ndarray:
        asked = witnesses(list(runs.values()), split)
        if not asked:
            raise QueryError(
                f"Expected runs that may judge the labels of {split.name}, for “suspect”. "
                "Received: none. Leave it out."
            )
        found = find_suspects(asked, split, settings.cache_folder(), predict=predict_quietly)
        return found.indices[: found.n_disputed]

    return Subject(
        title=f"{shown[0].name} · epoch {shown[1]}" if shown else "",
        run=shown[0].name if shown else "",
        y_true=split.labels,
        answers=shown[2] if shown else None,
        class_names=class_names,
        runs=[name for name, one in runs.items() if one.has_answers_to(split) and one.best_epoch],
        answers_of=answers_of,
        causes=causes,
        suspects=suspects,
        histories_of=lambda name: _histories(runs[name], split),
        shapes=lambda: measure(split.images, shows_strokes=dataset.shows_strokes),
        others=[name for name, one in runs.items() if _can_be_asked(one, split)],
    )


def _can_be_asked(run: Run, split: Split) -> bool:
    return bool(run.best_epoch) and run.n_classes >= split.n_classes


def _histories(run: Run, split: Split) -> LearningHistories:
    from mnist_core.runs.learning_histories import learning_histories

    recorded = recorded_answers(run, split)
    if recorded is None:
        raise QueryError(
            f"Expected a run that recorded its answers to {split.name} after every epoch. "
            f"Received: {run.name}. Leave learned_at and forgotten out, or choose another run."
        )
    return learning_histories(recorded, split.labels)


def images_of_set(
    name: str,
    dataset: Dataset,
    split: Split,
    *,
    shown: tuple[Run, int, Answers] | None = None,
) -> tuple[ImageSet, np.ndarray]:
    """The named set, and where its images lie in a split, ascending. `int64`, shape `(k,)`, k ≥ 1.

    Args:
        name: Of the set.
        dataset: The data set.
        split: Of it.
        shown: See `subject_of`.

    Raises:
        SetError: There is no such set, or it has no image of the split.
        QueryError: Its query cannot be answered.
    """
    from mnist_core.datasets import class_names
    from mnist_core.queries import parse_query
    from mnist_core.sets import find_set

    one = find_set(name, dataset.name, settings.home_folder())
    names = class_names(dataset, max(split.n_classes, shown[0].n_classes if shown else 0))
    query = parse_query(one.images if isinstance(one.images, str) else "True", names)
    subject = subject_of(dataset, split, query, names, shown=shown)
    positions = one.find(split.fingerprint, subject)
    if not len(positions):
        raise SetError(
            f"Expected a set with images of {split.name}. Received: “{one.name}”, which has none "
            "there. Choose another split or set."
        )
    return one, positions
