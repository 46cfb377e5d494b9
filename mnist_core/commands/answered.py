"""What a run answered to a split after an epoch: predicted, or as it was recorded in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mnist_core import settings
from mnist_core.errors import RunError

if TYPE_CHECKING:
    from mnist_core.answers.evaluation import Answers
    from mnist_core.datasets import Split
    from mnist_core.runs import EpochPredictions, Run


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
    from mnist_core.answers.evaluation import evaluate
    from mnist_core.inference.prediction import predict_split

    if not run.has_checkpoint(epoch):
        recorded = recorded_answers(run, split)
        if recorded is not None and epoch in recorded.epochs:
            return recorded.after(epoch, split.labels, run)
    y_prob = predict_split(run.checkpoint(epoch), split, settings.cache_folder())
    return evaluate(split.labels, y_prob, run.output)


def recorded_answers(run: Run, split: Split) -> EpochPredictions | None:
    """What was recorded after every epoch; `None` where nothing was."""
    from mnist_core.runs import read_epoch_predictions

    return read_epoch_predictions(run, split.name) if run.has_answers_to(split) else None
