"""`mnist-lens predict`: what a model reads in pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mnist_core import quiet, settings
from mnist_core.commands.checkpoints import chosen_checkpoint
from mnist_core.commands.options import AsJson
from mnist_core.commands.output import print_json, print_table
from mnist_core.commands.readings import readings_of, refusal_of, score_of
from mnist_core.errors import RunError
from mnist_core.formatting import answer, decimals, interval, percent, visible

if TYPE_CHECKING:
    import numpy as np

    from mnist_core.answers.evaluation import Output
    from mnist_core.commands.readings import Asked
    from mnist_core.own.taking import Picture, TakenDigit
    from mnist_core.runs import Checkpoint

_MOST_MISTAKES = 20
"""That are printed; JSON has all."""


def predict(
    pictures: Annotated[
        list[Path],
        typer.Argument(help="PNG or JPEG files, and folders or zip archives of them."),
    ],
    run: Annotated[str | None, typer.Option(help="Defaults to the best on validation.")] = None,
    epoch: Annotated[
        int | None, typer.Option(help="Defaults to the run's best on validation.")
    ] = None,
    all_runs: Annotated[
        bool, typer.Option("--all-runs", help="Ask every run that kept a model, each at its best.")
    ] = False,
    data: Annotated[
        str, typer.Option(help="Data set whose classes pictures can be named by.")
    ] = "mnist",
    steps: Annotated[
        Path | None,
        typer.Option(help="Write each step from picture to 28×28 as PNG into this new folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Classify digits that were drawn, scanned or photographed, dark on light or light on dark.

    Several digits in a picture are read line by line from left to right. Pictures named by their
    label (7.png, 7-anna.png, 7/anna.png) are scored.
    """
    from mnist_core.own.taking import take_digits
    from mnist_core.pictures.step_files import write_steps

    if all_runs and (run is not None or epoch is not None):
        raise RunError(
            "Expected --all-runs alone. Received: --run or --epoch with it. Leave one out."
        )
    names = _class_names(data)
    asked = _all_runs(len(names)) if all_runs else [chosen_checkpoint(run, epoch)]
    with ExitStack() as stack:
        files = [one for path in pictures for one in _pictures(path, stack)]
        report = stack.enter_context(_taking_progress(len(files)))
        taken, refused = take_digits(files, names, report=report)
    if steps is not None:
        write_steps([(digit.name, digit.sketch) for digit in taken], steps.expanduser())
    quiet.import_keras()
    outputs = [_outputs(checkpoint, taken) for _, checkpoint in asked]
    readings = [
        reading
        for one, of_run in zip(asked, outputs, strict=True)
        for reading in readings_of(one, taken, of_run, with_run=all_runs)
    ] + [refusal_of(one) for one in refused]
    scores = [
        score
        for one, of_run in zip(asked, outputs, strict=True)
        if (score := score_of(one, taken, of_run)) is not None
    ]
    if as_json:
        are_many = any(path.is_dir() or path.suffix.lower() == ".zip" for path in pictures)
        print_json({"readings": readings, "scores": scores} if are_many else readings)
    else:
        _print_all(readings, scores, names, is_one_run=not all_runs)
    if refused:
        sys.exit(2)


def _class_names(data: str) -> tuple[str, ...]:
    from mnist_core.datasets import DATASETS, added
    from mnist_core.datasets.dataset import DIGITS

    return DIGITS if data in DATASETS else added.find(data).class_names


def _all_runs(n_classes: int) -> list[Asked]:
    """Every run with a model that tells so many classes apart, the best on validation first."""
    from mnist_core.runs import list_runs
    from mnist_core.runs.choosing import best_first

    models = settings.models_folder()
    able = best_first(
        run for run in list_runs(models) if run.checkpoints and run.n_classes >= n_classes
    )
    if not able:
        raise RunError(
            f"Expected runs that tell {n_classes} classes apart. Received: none in {models.name}/. "
            "Train one: mnist-lens train simple-conv"
        )
    return [chosen_checkpoint(run.name, None) for run in able]


def _pictures(path: Path, stack: ExitStack) -> list[Picture]:
    """A picture, or all of a folder or archive, which stays open with the stack."""
    from mnist_core.pictures import read_picture
    from mnist_core.pictures.collection import opened_collection

    if not path.is_dir() and path.suffix.lower() != ".zip":
        return [(str(path), partial(read_picture, path))]
    collection = stack.enter_context(opened_collection(path))
    return [(str(path / name), partial(collection.read, name)) for name in collection.names]


def _outputs(checkpoint: Checkpoint, taken: Sequence[TakenDigit]) -> np.ndarray:
    """What a model answers to each digit. `float32`, shape `(n, n_classes)`."""
    import numpy as np

    from mnist_core.image_size import SHAPE
    from mnist_core.inference.prediction import predict as ask

    images = np.array([digit.sketch.image for digit in taken], np.uint8).reshape(-1, *SHAPE)
    return ask(checkpoint.path, images)


def _print_all(
    readings: Sequence[dict[str, Any]],
    scores: Sequence[dict[str, Any]],
    names: Sequence[str],
    *,
    is_one_run: bool,
) -> None:
    if is_one_run:
        _print_readings(readings)
        for score in scores:
            _print_score(score, names)
        return
    _print_readings([reading for reading in readings if reading["error"]])
    if scores:
        places = decimals(score["accuracy"] for score in scores)
        print_table(
            ("run", "right", "of", "%"),
            [
                (score["run"], str(score["right"]), str(score["n"]), _share(score, places))
                for score in sorted(scores, key=lambda score: -score["right"])
            ],
        )
        return
    read = [reading for reading in readings if not reading["error"]]
    runs = list(dict.fromkeys(reading["run"] for reading in read))
    n = len(read) // max(1, len(runs))
    rows = [
        (visible(read[at]["file"]), *(str(read[run * n + at]["label"]) for run in range(len(runs))))
        for at in range(n)
    ]
    print_table(("picture", *runs), rows)


def _print_score(score: dict[str, Any], names: Sequence[str]) -> None:
    right, n = score["right"], score["n"]
    share = _share(score, decimals([score["accuracy"]]))
    print(f"{right:,} of {n:,} with a label right, {share}")
    mistakes = score["mistakes"]
    for one in mistakes[:_MOST_MISTAKES]:
        sure = "" if one["confidence"] is None else f", {percent(one['confidence'])}"
        true, read = names[one["true"]], one["label"]
        read = names[read] if read < len(names) else read
        print(f"  {visible(one['file'])}: {true}→{read}{sure}")
    if len(mistakes) > _MOST_MISTAKES:
        print(f"  and {len(mistakes) - _MOST_MISTAKES:,} more: --json lists them all")
    matrix = score["confusion_matrix"]
    if mistakes:
        used = [at for at in range(len(matrix)) if any(matrix[at]) or any(r[at] for r in matrix)]
        called = [names[at] if at < len(names) else str(at) for at in used]
        rows = [
            (called[row], *(str(matrix[at][other]) for other in used))
            for row, at in enumerate(used)
        ]
        print_table(("true \\ predicted", *called), rows)


def _share(score: dict[str, Any], places: int) -> str:
    return f"{percent(score['accuracy'], places)} {interval(tuple(score['interval']), places)}"


@contextmanager
def _taking_progress(n: int) -> Iterator[Callable[[int, int], None]]:
    """A bar once there is something to wait for."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=n < 20) as bar:
        task = bar.add_task("Reading pictures", total=n)
        yield lambda done, total: bar.update(task, completed=done)


def _print_readings(found: Sequence[dict[str, Any]]) -> None:
    for reading in found:
        name = visible(reading["file"])
        if reading["error"]:
            print(f"{name}: {visible(reading['error'])}", file=sys.stderr)
            continue
        output: Output = "probabilities" if reading["probabilities"] else "scores"
        ranked = sorted(enumerate(reading[output]), key=lambda pair: -pair[1])[:3]
        places = decimals(value for _, value in ranked) if output == "probabilities" else None
        top = ", ".join(f"{label} {answer(value, output, places)}" for label, value in ranked)
        true = reading.get("true")
        verdict = "" if true is None else ", right" if true == reading["label"] else ", wrong"
        print(f"{name}: {reading['label']} ({top}){verdict}")
