"""`mnist-lens find`: the images of which a query is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mnist_core import quiet, settings
from mnist_core.commands.answered import answers_after, chosen_epoch, recorded_answers
from mnist_core.commands.checkpoints import check_classes, chosen_split
from mnist_core.commands.options import AsJson, Data, MaxDataGb, SplitName
from mnist_core.commands.output import print_json, print_table
from mnist_core.errors import QueryError
from mnist_core.formatting import answer, decimals

if TYPE_CHECKING:
    import numpy as np

    from mnist_core.answers.evaluation import Answers
    from mnist_core.datasets import Dataset, Split
    from mnist_core.queries import Subject
    from mnist_core.runs import Run
    from mnist_core.runs.learning_histories import LearningHistories


def find(
    query: Annotated[
        str,
        typer.Argument(help="A condition, e.g. 'wrong and confidence > 0.9 and true in (4, 9)'."),
    ],
    run: Annotated[str, typer.Option(help="Name of a run.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    data: Data = "mnist",
    split: SplitName = None,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Find the images of which a query is true."""
    from mnist_core.datasets import class_names, load_dataset
    from mnist_core.queries import parse_query
    from mnist_core.runs import read_run

    chosen = read_run(settings.models_folder(), run)
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
    names = class_names(dataset, max(chosen.n_classes, images.n_classes))
    asked = parse_query(query, names)  # before anything is predicted
    check_classes(chosen, images)
    quiet.import_keras()
    at = chosen_epoch(chosen, epoch)
    answers = answers_after(chosen, at, images)
    positions = asked.find(_subject(chosen, at, answers, dataset, images, names))
    if as_json:
        print_json([_as_object(answers, int(position)) for position in positions])
        return
    print(f"{len(positions):,} of {len(images):,} images of {dataset.title} {images.name}")
    places = decimals(answers.confidence[positions].tolist())
    rows = [
        (
            str(position),
            *(names[label] for label in answers.cell_of(int(position))),
            answer(float(answers.confidence[position]), answers.output, places),
        )
        for position in positions
    ]
    if rows:
        print_table(("index", "true", "predicted", _sure(answers)), rows)


def _as_object(answers: Answers, position: int) -> dict[str, Any]:
    true, predicted = answers.cell_of(position)
    sure = float(answers.confidence[position])
    return {"index": position, "true": true, "predicted": predicted, _sure(answers): sure}


def _sure(answers: Answers) -> str:
    """What a model gave the predicted class; a score is no confidence."""
    return "confidence" if answers.output == "probabilities" else "score"


def _subject(
    run: Run,
    epoch: int,
    answers: Answers,
    dataset: Dataset,
    split: Split,
    names: tuple[str, ...],
) -> Subject:
    from mnist_core.queries import Subject
    from mnist_core.runs import list_runs
    from mnist_core.shapes import measure
    from mnist_core.suspects import find_suspects, witnesses
    from mnist_core.triage import triage_of

    runs = {found.name: found for found in list_runs(settings.models_folder())}

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
        found = find_suspects(asked, split, settings.cache_folder())
        return found.indices[: found.n_disputed]

    return Subject(
        title=f"{run.name} · epoch {epoch}",
        run=run.name,
        y_true=split.labels,
        answers=answers,
        class_names=names,
        runs=[name for name, one in runs.items() if one.has_answers_to(split) and one.best_epoch],
        answers_of=lambda name, at: answers_after(
            runs[name], at or runs[name].best_epoch or 0, split
        ),
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
