"""The command line, `mnist-lens`: train, list and evaluate runs, and see which data is in use."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import TyperException

from mnist_core import quiet, settings
from mnist_core.errors import MnistLensError, RecipeError, RunError, SketchError
from mnist_core.memory_limit import MOST_DATA, limited_data
from mnist_core.wording import answer, decimals, hundredths, interval, percent

if TYPE_CHECKING:
    from mnist_core.evaluation import Answers, Output
    from mnist_core.runs import Checkpoint, Run
    from mnist_core.training import Progress

app = typer.Typer(
    help="Find out what a digit classifier gets wrong, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Data = Annotated[str, typer.Option(help="Name of a data set, or an .npz file or IDX folder.")]
MaxDataGb = Annotated[
    float,
    typer.Option("--max-data-gb", help="Refuse data that unpacks to more gigabytes than this."),
]


def main() -> None:
    """Run the command line; bad input ends it with one line and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except MnistLensError as error:
        message = str(error)
    except TyperException as error:
        message = error.format_message() or "Name a command: mnist-lens --help lists them."
    print(f"mnist-lens: {message}", file=sys.stderr)
    sys.exit(2)


@app.command()
def data(
    fetch: Annotated[bool, typer.Option(help="Download MNIST first if it is missing.")] = False,
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Show which data is in use."""
    from mnist_core.datasets import DATASETS, load_dataset

    if fetch and settings.data_source() is None and "test" not in load_dataset("mnist").splits:
        _fetch_mnist()
    loaded = [load_dataset(name, max_gb=max_data_gb) for name in DATASETS]
    if as_json:
        _print_json(
            [
                {
                    "name": dataset.name,
                    "source": dataset.source,
                    "splits": {
                        name: {"n": len(split), "fingerprint": split.fingerprint}
                        for name, split in dataset.splits.items()
                    },
                }
                for dataset in loaded
            ]
        )
        return
    for dataset in loaded:
        sizes = ", ".join(f"{name} {len(split):,}" for name, split in dataset.splits.items())
        print(f"{dataset.name}: {sizes}; from {dataset.source}")


@app.command()
def train(
    recipe: Annotated[str, typer.Argument(help="Name of a recipe, e.g. simple-conv.")],
    name: Annotated[
        str | None, typer.Option(help="Name of the run. Defaults to the recipe's.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Maximum number of epochs. Defaults to the recipe's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Random seed. Defaults to 0.")] = None,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    resume: Annotated[bool, typer.Option(help="Resume a stopped run.")] = False,
) -> None:
    """Train a recipe and save it as a run in the models folder."""
    from mnist_core import training
    from mnist_core.datasets import load_dataset
    from mnist_core.learning_curves import verdict
    from mnist_core.recipes import find_recipe
    from mnist_core.runs import read_run

    models = settings.models_folder()
    chosen = find_recipe(recipe)
    if resume and (epochs is not None or seed is not None):
        raise RecipeError(
            "Expected --resume alone: a run resumes with the epochs and the seed it started with. "
            "Received: --epochs or --seed. Leave them out, or train a new run."
        )
    dataset = load_dataset(data, max_gb=max_data_gb)
    quiet.import_keras()
    with _training_progress() as on_progress:
        try:
            if resume:
                name = name or training.newest_stopped_run(models, recipe).name
                _check_recipe(read_run(models, name), recipe)
                run = training.resume(dataset, models=models, name=name, on_progress=on_progress)
            else:
                name = name or training.free_name(models, recipe)
                run = training.train(
                    chosen,
                    dataset,
                    models=models,
                    name=name,
                    seed=seed or 0,
                    max_epochs=epochs,
                    on_progress=on_progress,
                )
        except KeyboardInterrupt:
            print(f"Stopped. Resume with: mnist-lens train {recipe} --resume --name {name}")
            sys.exit(130)
    print(
        f"{run.name}: best epoch {run.best_epoch} of {len(run.history)}, "
        f"validation {percent(run.validation_accuracy)}, test {percent(run.test_accuracy)}; "
        f"{verdict(run.history)}"
    )


def _check_recipe(run: Run, recipe: str) -> None:
    if run.recipe != recipe:
        raise RecipeError(
            f"Expected a run of {recipe}. Received: {run.name}, a run of {run.recipe}. Name the "
            "recipe it was trained with."
        )


@app.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(help="Folder of models, or a single model file.")],
    name: Annotated[
        str | None, typer.Option(help="Name of the run. Defaults to the folder's.")
    ] = None,
    input_scale: Annotated[
        str | None,
        typer.Option(help="0-255, 0-1, -1-1 or standardised. Detected by default."),
    ] = None,
    trust: Annotated[bool, typer.Option(help="Allow SavedModels, which can run any code.")] = False,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Import models trained elsewhere (.keras, .h5 or SavedModel) as a run."""
    from mnist_core.datasets import load_dataset

    dataset, models = load_dataset(data, max_gb=max_data_gb), settings.models_folder()
    quiet.import_keras()
    from mnist_core.importing import import_run

    with limited_data(MOST_DATA + int(max_data_gb * 1e9)):
        imported = import_run(
            path,
            dataset,
            models=models,
            name=name,
            input_scale=input_scale,
            trust=trust,
            on_progress=lambda done, total: print(
                f"{done} of {total} models read …", file=sys.stderr
            ),
        )
    for sentence in (*imported.notes, *(f"Left out: {line}" for line in imported.left_out)):
        print(sentence)
    run = imported.run
    print(
        f"{run.name}: {len(run.recorded_epochs)} of {len(run.history)} epochs, best epoch "
        f"{run.best_epoch or '–'}, validation {percent(run.validation_accuracy)}, "
        f"test {percent(run.test_accuracy)}"
    )


@app.command()
def runs(as_json: AsJson = False) -> None:
    """List the runs in the models folder."""
    from mnist_core.runs import list_runs

    found = list_runs(settings.models_folder())
    if as_json:
        _print_json(
            [
                {
                    "name": run.name,
                    "recipe": run.recipe or None,
                    "parameters": run.parameters,
                    "epochs": len(run.history),
                    "best_epoch": run.best_epoch,
                    "validation_accuracy": run.validation_accuracy,
                    "test_accuracy": run.test_accuracy,
                    "state": run.state,
                    "reason": run.reason,
                }
                for run in found
            ]
        )
        return
    if not found:
        print("No runs yet. Train one with: mnist-lens train simple-conv")
        return
    places = decimals(s for run in found for s in (run.validation_accuracy, run.test_accuracy))
    rows: list[tuple[str, ...]] = [
        (
            run.name,
            "–" if run.parameters is None else f"{run.parameters:,}",
            str(len(run.history)),
            str(run.best_epoch or "–"),
            percent(run.validation_accuracy, places),
            percent(run.test_accuracy, places),
            run.state,
        )
        for run in found
    ]
    _print_table(("run", "parameters", "epochs", "best", "validation", "test", "state"), rows)
    for run in found:
        if run.reason:
            print(f"{run.name}: {run.reason}")


@app.command()
def evaluate(
    run: Annotated[str, typer.Argument(help="Name of a run.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    split: Annotated[
        str | None, typer.Option(help="Defaults to test, or to validation without one.")
    ] = None,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Evaluate one checkpoint of a run on one split."""
    from mnist_core import evaluation
    from mnist_core.datasets import class_names, load_dataset
    from mnist_core.prediction import predict_split

    chosen, checkpoint = _checkpoint(run, epoch)
    dataset = load_dataset(data, max_gb=max_data_gb)
    split = split or ("test" if "test" in dataset.splits else "validation")
    images = dataset.split(split)
    quiet.import_keras()
    y_prob = predict_split(checkpoint, images, settings.cache_folder())
    answers = evaluation.evaluate(images.labels, y_prob, chosen.output)
    if as_json:
        _print_json(_as_object(answers))
        return
    places = decimals([*answers.recall, *answers.precision, answers.accuracy])
    certain = (
        ", the highest of all epochs, chosen on this split"
        if chosen.is_maximum(checkpoint.epoch, images)
        else f" {interval(answers.accuracy_interval, places)}"
    )
    print(
        f"{run} · epoch {checkpoint.epoch} of {len(chosen.history)} · {dataset.title} {split}, "
        f"{len(images):,} images · {percent(answers.accuracy, places)} right"
        f"{certain}"
    )
    names = class_names(dataset, answers.n_classes)
    rows = [
        (
            name,
            *(f"{count:,}" for count in answers.confusion_matrix[label]),
            hundredths(answers.recall[label], places),
        )
        for label, name in enumerate(names)
    ]
    rows.append(("precision %", *(hundredths(share, places) for share in answers.precision), ""))
    _print_table(("true \\ predicted", *names, "recall %"), rows)


@app.command()
def report(
    to: Annotated[Path | None, typer.Option(help="File to write. Printed by default.")] = None,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
) -> None:
    """Write the results of all runs, beside the published figures, as a document."""
    from mnist_core import atomic
    from mnist_core.datasets import load_dataset
    from mnist_core.report import SPLITS, as_markdown, results
    from mnist_core.runs import list_runs

    dataset = load_dataset(data, max_gb=max_data_gb)
    for split in SPLITS:
        dataset.split(split)
    quiet.import_keras()
    runs = list_runs(settings.models_folder())
    found = results(
        runs,
        dataset,
        settings.cache_folder(),
        on_progress=lambda name: print(f"Evaluating {name} …", file=sys.stderr),
    )
    if not found:
        raise RunError("Expected runs with models. Received: none. Train one, or import one.")
    text = as_markdown(found, runs, dataset)
    if to is None:
        print(text, end="")
        return
    try:
        atomic.write_text(to, text)
    except OSError as error:
        raise RunError(
            f"Expected a file that can be written. Received: {to} ({error.strerror}). Name another."
        ) from error


@app.command()
def suspects(
    run: Annotated[
        list[str] | None, typer.Option(help="Run to use, repeatable. Defaults to the best.")
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Defaults to test, or to validation without one.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Number of labels to list.")] = 20,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Rank labels by how strongly models that did not train on the images doubt them."""
    from mnist_core.suspects_command import suspects_of

    found = suspects_of(data, split, run, max_data_gb=max_data_gb)
    columns = (found.indices, found.given, found.suggested, found.score)
    ranked = list(zip(*(column[:top].tolist() for column in columns), strict=True))
    keys = ("index", "given", "suggested", "score")
    if as_json:
        _print_json([dict(zip(keys, row, strict=True)) for row in ranked])
        return
    rows = [(*map(str, labels), f"{score:.4f}") for *labels, score in ranked]
    _print_table(keys, rows)


@app.command()
def predict(
    pictures: Annotated[list[Path], typer.Argument(help="PNG or JPEG files, one digit in each.")],
    run: Annotated[str | None, typer.Option(help="Defaults to the best on validation.")] = None,
    epoch: Annotated[
        int | None, typer.Option(help="Defaults to the run's best on validation.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Classify digits that were drawn, scanned or photographed, dark on light or light on dark."""
    chosen, checkpoint = _checkpoint(run, epoch)
    quiet.import_keras()
    found = [_read_digit(picture, checkpoint.path, chosen.output) for picture in pictures]
    if as_json:
        _print_json(found)
    else:
        _print_readings(found)
    if any(reading["error"] for reading in found):
        sys.exit(2)


def _read_digit(picture: Path, model_file: Path, output: Output) -> dict[str, Any]:
    """What a model reads in one picture, or why it reads nothing."""
    from mnist_core import prediction
    from mnist_core.pictures import read_picture
    from mnist_core.sketch import to_mnist

    reading: dict[str, Any] = {
        "file": str(picture),
        "label": None,
        "confidence": None,
        "probabilities": None,
    }
    try:
        seen = to_mnist(read_picture(picture))
    except SketchError as error:
        return reading | {"error": str(error)}
    if seen is None:
        return reading | {"error": "Expected a digit. Received: a picture without ink. Draw one."}
    answers = prediction.predict(model_file, seen.image[None])[0]
    return reading | {
        "label": int(answers.argmax()),
        # A score promises nothing about how often it is right.
        "confidence": float(answers.max()) if output == "probabilities" else None,
        output: [float(answer) for answer in answers],
        "error": None,
    }


def _print_readings(found: list[dict[str, Any]]) -> None:
    for reading in found:
        if reading["error"]:
            print(f"{reading['file']}: {reading['error']}", file=sys.stderr)
            continue
        output: Output = "probabilities" if reading["probabilities"] else "scores"
        ranked = sorted(enumerate(reading[output]), key=lambda pair: -pair[1])[:3]
        top = ", ".join(f"{label} {answer(value, output)}" for label, value in ranked)
        print(f"{reading['file']}: {reading['label']} ({top})")


def _checkpoint(run: str | None, epoch: int | None) -> tuple[Run, Checkpoint]:
    """The run and its checkpoint asked for; else the best epoch of the run, or of the best run."""
    from mnist_core.runs import list_runs, read_run

    models = settings.models_folder()
    if run is None:
        usable = [found for found in list_runs(models) if found.checkpoints]
        if not usable:
            raise RunError(
                f"{models.name}/ has no runs yet. Train one: mnist-lens train simple-conv"
            )
        chosen = max(usable, key=lambda found: found.validation_accuracy or 0)
    else:
        chosen = read_run(models, run)
    kept = chosen.checkpoints
    if epoch is None and not kept:
        raise RunError(f"{chosen.name} has no saved model yet. Wait, or choose another run.")
    if epoch is None:
        best = chosen.best_epoch
        epoch = best if best and chosen.has_checkpoint(best) else kept[-1].epoch
    return chosen, chosen.checkpoint(epoch)


def _as_object(answers: Answers) -> dict[str, Any]:
    import numpy as np

    def shares(values: np.ndarray) -> list[float | None]:
        return [None if np.isnan(value) else float(value) for value in values]

    is_calibrated = answers.output == "probabilities"
    return {
        "n": len(answers),
        "output": answers.output,
        "accuracy": answers.accuracy,
        "expected_calibration_error": (
            answers.calibration().expected_error if is_calibrated else None
        ),
        "confusion_matrix": answers.confusion_matrix.tolist(),
        "precision": shares(answers.precision),
        "recall": shares(answers.recall),
        "error_indices": np.flatnonzero(answers.y_pred != answers.y_true).tolist(),
    }


def _fetch_mnist() -> None:
    from mnist_core.datasets import download

    print("Downloading MNIST (11 MB, at most a minute) …", flush=True)
    try:
        download.fetch(settings.keras_data_file())
    except MnistLensError as error:
        print(f"{error} Using the embedded digits instead.")


@contextmanager
def _training_progress() -> Iterator[Callable[[Progress], None]]:
    """A bar with the time left, and a line for each epoch once it is saved."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as ProgressBar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    with ProgressBar(*columns, transient=True) as bar:
        task = bar.add_task("Starting …", total=None, left="")

        def show(progress: Progress) -> None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            bar.update(
                task,
                description=f"Epoch {progress.epoch} of at most {progress.max_epochs}",
                total=progress.max_epochs * progress.steps,
                completed=(progress.epoch - 1) * progress.steps + progress.step,
                left=f"at most {minutes}:{seconds:02d} left",
            )
            if record := progress.finished:
                bar.console.print(
                    f"Epoch {record.epoch}: loss {record.loss:.4f}, accuracy "
                    f"{percent(record.accuracy)}; validation loss {record.validation_loss:.4f}, "
                    f"accuracy {percent(record.validation_accuracy)}; {record.seconds:.1f} s",
                    highlight=False,
                    soft_wrap=True,
                )

        yield show


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2))


def _print_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*header, box=None, header_style="bold", pad_edge=False)
    for position, column in enumerate(table.columns):
        column.no_wrap = True
        column.justify = "right" if position else "left"
    for row in rows:
        table.add_row(*map(Text, row))
    # A pipe has no width of its own: nothing may be cut off there.
    Console(width=None if sys.stdout.isatty() else 200).print(table)
