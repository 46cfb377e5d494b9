"""`mnist-lens find`: the images of which a query is true, and a set made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mnist_core import settings
from mnist_core.commands.answered import answers_after, chosen_epoch
from mnist_core.commands.asking import images_of_set, subject_of
from mnist_core.commands.checkpoints import check_classes, chosen_split
from mnist_core.commands.options import AsJson, Data, MaxDataGb, Only, SplitName
from mnist_core.commands.output import print_json, print_table
from mnist_core.formatting import answer, decimals

if TYPE_CHECKING:
    import numpy as np

    from mnist_core.answers.evaluation import Answers


def find(
    query: Annotated[
        str,
        typer.Argument(help="A condition, e.g. 'wrong and confidence > 0.9 and true in (4, 9)'."),
    ],
    run: Annotated[str, typer.Option(help="Name of a run.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    data: Data = "mnist",
    split: SplitName = None,
    only: Only = None,
    save: Annotated[str | None, typer.Option(help="Keep them as a set of this name.")] = None,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Find the images of which a query is true."""
    import numpy as np

    from mnist_core.datasets import class_names, load_dataset
    from mnist_core.queries import parse_query
    from mnist_core.runs import read_run
    from mnist_core.sets import keep_sets, name_of, set_of_query

    chosen = read_run(settings.models_folder(), run)
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
    names = class_names(dataset, max(chosen.n_classes, images.n_classes))
    asked = parse_query(query, names)  # before anything is predicted
    name = None if save is None else name_of(save)
    check_classes(chosen, images)
    at = chosen_epoch(chosen, epoch)
    shown = (chosen, at, answers_after(chosen, at, images))
    positions, within = asked.find(subject_of(dataset, images, asked, names, shown=shown)), None
    if only is not None:
        within, among = images_of_set(only, dataset, images, shown=shown)
        positions = np.intersect1d(positions, among)
    if name is not None:
        made = set_of_query(name, dataset.name, asked, run, at, images, positions, within=within)
        keep_sets([made], settings.home_folder())
    if as_json:
        print_json([_as_object(shown[2], int(position)) for position in positions])
        return
    of_set = "" if within is None else f" in the set “{within.name}”"
    print(
        f"{len(positions):,} of {len(images):,} images of {dataset.title} {images.name}{of_set}"
        + ("" if name is None else f", kept as the set “{name}”")
    )
    _print_found(shown[2], positions, names)


def _print_found(answers: Answers, positions: np.ndarray, names: tuple[str, ...]) -> None:
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
