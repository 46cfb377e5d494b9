"""`mnist-lens evaluate`: one checkpoint on one split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mnist_core import quiet, settings
from mnist_core.commands.checkpoints import check_classes, chosen_checkpoint, chosen_split
from mnist_core.commands.options import AsJson, Data, MaxDataGb, SplitName
from mnist_core.commands.output import print_json, print_table
from mnist_core.formatting import accuracy, decimals, hundredths

if TYPE_CHECKING:
    from mnist_core.answers.evaluation import Answers


def evaluate(
    run: Annotated[str, typer.Argument(help="Name of a run.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    split: SplitName = None,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Evaluate one checkpoint of a run on one split."""
    from mnist_core.answers import evaluation
    from mnist_core.datasets import class_names, load_dataset
    from mnist_core.inference.prediction import predict_split

    chosen, checkpoint = chosen_checkpoint(run, epoch)
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
    check_classes(chosen, images)
    quiet.import_keras()
    y_prob = predict_split(checkpoint, images, settings.cache_folder())
    answers = evaluation.evaluate(images.labels, y_prob, chosen.output)
    if as_json:
        print_json(_as_object(answers))
        return
    places = decimals([*answers.recall, *answers.precision, answers.accuracy])
    is_maximum = chosen.is_maximum(checkpoint.epoch, images)
    ends = None if is_maximum else answers.accuracy_interval
    print(
        f"{run} · epoch {checkpoint.epoch} of {len(chosen.history)} · {dataset.title} "
        f"{images.name}, {len(images):,} images · {accuracy(answers.accuracy, ends, places)}"
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
    print_table(("true \\ predicted", *names, "recall %"), rows)


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
