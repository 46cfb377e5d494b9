"""Which runs and epochs there is something to show of, and which of them come first."""

from collections.abc import Iterable

from mnist_core.datasets import DATASETS, Split
from mnist_core.runs.run import Run


def best_first(runs: Iterable[Run], *, data: str = "mnist") -> tuple[Run, ...]:
    """Runs by their accuracy on validation, the highest first; those without one come last.

    Before all others come those that learned on the data set of that name, and for one that comes
    along those that learned on any of these: shares of other images say nothing of these.
    """
    return tuple(
        sorted(runs, key=lambda run: (_is_foreign(run, data), -(run.validation_accuracy or 0)))
    )


def _is_foreign(run: Run, data: str) -> bool:
    learned_on = run.details.data.name or "mnist"
    return learned_on != data and not {learned_on, data} <= DATASETS.keys()


def reason_against(run: Run, split: Split) -> str:
    """Why a run cannot be shown on a split, in a sentence; empty where it can."""
    if run.state == "refused":
        return run.reason or "It cannot be read."
    if run.n_classes < split.n_classes:
        return f"It tells {run.n_classes} classes apart, and {split.name} has {split.n_classes}."
    if epochs_to_see(run, split):
        return ""
    return run.reason or (
        "It has no saved model." if run.history else "It has not finished an epoch yet."
    )


def epochs_to_see(run: Run, split: Split) -> list[int]:
    """The epochs whose model was kept, or whose answers to the split were recorded, in order."""
    kept = {checkpoint.epoch for checkpoint in run.checkpoints}
    if run.has_answers_to(split):
        kept |= set(run.recorded_epochs)
    return sorted(kept)


def best_to_see(run: Run, split: Split) -> int:
    """The best epoch, or the last there is something to see of where nothing was kept of it.

    Args:
        run: A run that can be shown on the split (see `reason_against`).
        split: The images.
    """
    epochs = epochs_to_see(run, split)
    return run.best_epoch if run.best_epoch in epochs else epochs[-1]
