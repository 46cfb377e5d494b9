"""`mnist-lens evaluate`: one checkpoint on one split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mnist_core import settings
from mnist_core.commands.answered import answers_after
from mnist_core.commands.asking import images_of_set
from mnist_core.commands.checkpoints import check_classes, chosen_checkpoint, chosen_split
from mnist_core.commands.options import AsJson, Data, MaxDataGb, Only, SplitName
from mnist_core.commands.output import print_json, print_table
from mnist_core.formatting import accuracy, decimals, hundredths, percent

if TYPE_CHECKING:
    import numpy as np

    from mnist_core.answers.evaluation import Answers


def evaluate(
    run: Annotated[str, typer.Argument(help="Name of a run.")],
    epoch: Annotated[int | None, typer.Option(help="Defaults to the best on validation.")] = None,
    split: SplitName = None,
    only: Only = None,
    data: Data = "mnist",
    max_data_gb: MaxDataGb = settings.DEFAULT_MAX_DATA_GB,
    as_json: AsJson = False,
) -> None:
    """Evaluate one checkpoint of a run on one split."""
    import numpy as np

    from mnist_core.datasets import class_names, load_dataset
    from mnist_core.runs import read_run

    if epoch is None:
        chosen, checkpoint = chosen_checkpoint(run, epoch)
        epoch = checkpoint.epoch
    else:
        chosen = read_run(settings.models_folder(), run)
    dataset = load_dataset(data, max_gb=max_data_gb)
    images = chosen_split(dataset, split)
    check_classes(chosen, images)
    answers = answers_after(chosen, epoch, images)
    positions, of_set, reason, how_many = np.arange(len(images)), {}, "", f"{len(images):,} images"
    if only is not None:
        one, positions = images_of_set(only, dataset, images, shown=(chosen, epoch, answers))
        answers = answers.without(np.delete(np.arange(len(images)), positions))
        reason = one.reason_against_test(run, class_names(dataset, answers.n_classes))
        of_set = {"only": one.name}
        how_many = f"{len(positions):,} of {len(images):,} images, the set “{one.name}”"
    if as_json:
        print_json(_as_object(answers, positions) | of_set)
        return
    places = decimals([*answers.recall, *answers.precision, answers.accuracy])
    ends = None if chosen.is_maximum(epoch, images) else answers.accuracy_interval
    right = accuracy(answers.accuracy, ends, places)
    if reason:  # of which chance says nothing
        right = f"{percent(answers.accuracy, places)} right, {reason}"
    print(
        f"{run} · epoch {epoch} of {len(chosen.history)} · {dataset.title} {images.name}, "
        f"{how_many} · {right}"
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


def _as_object(answers: Answers, positions: np.ndarray) -> dict[str, Any]:
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
        "error_indices": positions[answers.y_pred != answers.y_true].tolist(),
    }
