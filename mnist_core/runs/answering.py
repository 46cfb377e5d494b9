"""`answers_after`: what a run answered after an epoch, by its model or as recorded in training."""

from collections.abc import Callable

from mnist_core.answers.evaluation import Answers
from mnist_core.datasets import Split
from mnist_core.runs.checkpoint import Checkpoint
from mnist_core.runs.epoch_answers import EpochPredictions
from mnist_core.runs.run import Run


def answers_after(
    run: Run,
    epoch: int,
    split: Split,
    *,
    recorded: Callable[[Run, Split], EpochPredictions | None],
    predicted: Callable[[Checkpoint, Split], Answers],
) -> Answers:
    """What a run answered to a split after an epoch.

    Args:
        run: Any run.
        epoch: Counted from 1.
        split: The images.
        recorded: Reads what was recorded after every epoch; `None` where nothing was.
        predicted: Asks the model of the epoch, which is done wherever that was kept.

    Raises:
        RunError: There is neither model nor record, or what there is cannot be read.
    """
    if not run.has_checkpoint(epoch):
        found = recorded(run, split)
        if found is not None and epoch in found.epochs:
            return found.after(epoch, split.labels, run)
    return predicted(run.checkpoint(epoch), split)
