"""What a run answered to a split, for a command; TensorFlow is imported only to predict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mnist_core import quiet, settings
from mnist_core.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from mnist_core.answers.evaluation import Answers
    from mnist_core.datasets import Split
    from mnist_core.runs import Checkpoint, EpochPredictions, Run


def chosen_epoch(run: Run, epoch: int | None) -> int:
    """The epoch asked for, else the best.

    Raises:
        RunError: There is none yet.
    """
    at = run.best_epoch if epoch is None else epoch
    if at is None:
        raise RunError(f"{run.name} has not finished an epoch yet. Wait, or choose another run.")
    return at


def answers_after(run: Run, epoch: int, split: Split) -> Answers:
    """Predicted, or as recorded in training where the epoch's model was not kept.

    Raises:
        RunError: There is neither.
    """
    from mnist_core.runs import answering

    return answering.answers_after(
        run,
        epoch,
        split,
        recorded=recorded_answers,
        predicted=lambda checkpoint, images: _predicted(checkpoint, images, run),
    )


def recorded_answers(run: Run, split: Split) -> EpochPredictions | None:
    """What was recorded after every epoch; `None` where nothing was."""
    from mnist_core.runs import read_epoch_predictions

    return read_epoch_predictions(run, split.name) if run.has_answers_to(split) else None


def predict_quietly(model_file: Path, images: np.ndarray) -> np.ndarray:
    """As `prediction.predict`, without the notices that TensorFlow writes as it is imported."""
    from mnist_core.inference.prediction import predict

    quiet.import_keras()
    return predict(model_file, images)


def _predicted(checkpoint: Checkpoint, split: Split, run: Run) -> Answers:
    from mnist_core.answers.evaluation import evaluate
    from mnist_core.inference.prediction import predict_split

    y_prob = predict_split(checkpoint, split, settings.cache_folder(), predict=predict_quietly)
    return evaluate(split.labels, y_prob, run.output)
