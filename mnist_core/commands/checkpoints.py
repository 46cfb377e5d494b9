"""Which checkpoint and which split a command means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mnist_core import settings
from mnist_core.errors import RunError

if TYPE_CHECKING:
    from mnist_core.datasets import Dataset, Split
    from mnist_core.runs import Checkpoint, Run


def chosen_checkpoint(run: str | None, epoch: int | None) -> tuple[Run, Checkpoint]:
    """The run and its checkpoint asked for; else the best epoch of the run, or of the best run."""
    from mnist_core.runs import list_runs, read_run
    from mnist_core.runs.choosing import best_first

    models = settings.models_folder()
    if run is None:
        usable = best_first(found for found in list_runs(models) if found.checkpoints)
        if not usable:
            raise RunError(
                f"{models.name}/ has no runs yet. Train one: mnist-lens train simple-conv"
            )
        chosen = usable[0]
    else:
        chosen = read_run(models, run)
    kept = chosen.checkpoints
    if epoch is None and not kept:
        raise RunError(f"{chosen.name} has no saved model yet. Wait, or choose another run.")
    if epoch is None:
        best = chosen.best_epoch
        epoch = best if best and chosen.has_checkpoint(best) else kept[-1].epoch
    return chosen, chosen.checkpoint(epoch)


def chosen_split(dataset: Dataset, name: str | None) -> Split:
    """The split asked for; else test, or validation without one.

    Raises:
        DatasetError: The data set does not have it.
    """
    return dataset.split(name or ("test" if "test" in dataset.splits else "validation"))


def check_classes(run: Run, split: Split) -> None:
    """See that a run tells as many classes apart as a split has.

    Raises:
        RunError: It tells fewer.
    """
    if run.n_classes < split.n_classes:
        raise RunError(
            f"Expected a run that tells {split.n_classes} classes apart, as {split.name} has. "
            f"Received: {run.name}, which tells {run.n_classes}. Choose a run that was trained on "
            "this data."
        )
