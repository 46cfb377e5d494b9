"""What a query is asked about: the answers on show, and what the server knows beside them."""

import numpy as np

from dashboard.loading.answers import load_answers, load_histories
from dashboard.loading.images import load_shapes
from dashboard.visit.view import View
from mnist_core.answers.evaluation import Answers
from mnist_core.errors import QueryError
from mnist_core.queries import Subject
from mnist_core.runs.choosing import reason_against
from mnist_core.runs.learning_histories import LearningHistories
from mnist_core.suspects import Suspects


def load_subject(view: View, suspects: Suspects | None) -> Subject:
    """What a query about the images of a view is asked about.

    Args:
        view: What the page shows.
        suspects: The labels of the split, ranked; `None` where no model may judge them.
    """
    usable = {run.name: run for run in view.runs if not reason_against(run, view.split)}

    def answers_of(name: str, epoch: int | None) -> Answers:
        return load_answers(usable[name], epoch or usable[name].best_epoch or 0, view.split)

    def doubted() -> np.ndarray:
        if suspects is None:
            raise QueryError(
                f"Expected runs that may judge the labels of {view.split.name}, for “suspect”. "
                "Received: none. Leave it out."
            )
        return suspects.indices[: suspects.n_disputed]

    def histories_of(name: str) -> LearningHistories:
        found = load_histories(usable.get(name, view.run), view.split)
        if found is None:
            raise QueryError(
                f"Expected a run that recorded its answers to {view.split.name} after every "
                f"epoch. Received: {name}. Leave learned_at and forgotten out, or choose another "
                "run."
            )
        return found

    return Subject(
        title=f"{view.run.name} · epoch {view.epoch}",
        run=view.run.name,
        answers=view.answers,
        class_names=view.class_names,
        runs=[name for name, run in usable.items() if run.has_answers_to(view.split)],
        answers_of=answers_of,
        causes=lambda: {
            position: entry.cause
            for position, entry in view.causes.items()
            if entry.cause is not None
        },
        suspects=doubted,
        histories_of=histories_of,
        shapes=lambda: load_shapes(view),
        others=list(usable),
    )
