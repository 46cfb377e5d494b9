"""The nearest thing that exists to what a link asks for, with a sentence on each replacement."""

from collections.abc import Iterable
from dataclasses import replace

from dashboard import loaders
from dashboard.state import Selection
from mnist_core.datasets import DATASETS
from mnist_core.runs import Run

DEFAULT_SPLITS = ("test", "validation", "train")


def nearest(wanted: Selection) -> tuple[Selection, tuple[str, ...]]:
    """Replace what does not exist.

    Returns:
        A selection of things that exist (`run` and `epoch` are `None` while there are no runs),
        and one sentence for each replacement.
    """
    notes: list[str] = []
    data = _of(wanted.data, list(DATASETS), "data set", notes)
    dataset = loaders.load_outline(data)
    default_split = next(name for name in DEFAULT_SPLITS if name in dataset.sizes)
    split = _of(
        wanted.split,
        [default_split, *(s for s in dataset.sizes if s != default_split)],
        f"split of {dataset.title} from {dataset.source}",
        notes,
    )
    run, epoch = _run_and_epoch(wanted.run, wanted.epoch, notes)
    baseline, baseline_epoch = None, None
    if wanted.baseline is not None:
        baseline, baseline_epoch = _run_and_epoch(wanted.baseline, wanted.baseline_epoch, notes)
    n, n_classes = dataset.sizes[split], len(dataset.class_names)
    settled = replace(
        wanted,
        data=data,
        split=split,
        run=run,
        epoch=epoch,
        baseline=baseline,
        baseline_epoch=baseline_epoch,
        true=_below(wanted.true, n_classes, "class", notes),
        predicted=_below(wanted.predicted, n_classes, "class", notes),
        image=_below(wanted.image, n, f"image of {dataset.title} {split}", notes),
    )
    return settled, tuple(notes)


def usable_runs() -> tuple[Run, ...]:
    """The runs of which at least one epoch can be looked at, the best on validation first."""
    return best_first(
        run for run in loaders.list_runs() if run.state != "refused" and epochs_to_see(run)
    )


def best_first(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs by their accuracy on validation, the highest first; those without one come last."""
    return tuple(sorted(runs, key=lambda run: -(run.validation_accuracy or 0)))


def epochs_to_see(run: Run) -> list[int]:
    """The epochs whose model was kept or whose answers were recorded, in order."""
    if (run.folder / "epochs.npz").exists():
        return sorted({*run.recorded_epochs, *(c.epoch for c in run.checkpoints)})
    return [checkpoint.epoch for checkpoint in run.checkpoints]


def _run_and_epoch(
    wanted: str | None, epoch: int | None, notes: list[str]
) -> tuple[str | None, int | None]:
    usable = {run.name: run for run in usable_runs()}
    if not usable:
        return None, None
    asked = {run.name: run for run in loaders.list_runs()}.get(wanted or "")
    if asked and asked.name not in usable:
        why = asked.reason or "It has no whole epoch yet."
        notes.append(f"The run {asked.name} cannot be looked at: {why}")
        wanted, epoch = None, None
    name = _of(wanted, list(usable), "run", notes)
    run = usable[name]
    epochs = epochs_to_see(run)
    if epoch is None or wanted not in (None, name):
        return name, run.best_epoch if run.best_epoch in epochs else epochs[-1]
    if epoch in epochs:
        return name, epoch
    found = min(epochs, key=lambda kept: abs(kept - epoch))
    notes.append(f"{name} has nothing to show of epoch {epoch}; this is epoch {found}.")
    return name, found


def _of(wanted: str | None, existing: list[str], what: str, notes: list[str]) -> str:
    if wanted in existing:
        return wanted
    if wanted is not None:
        notes.append(f"There is no {what} named “{wanted[:60]}”; this is {existing[0]}.")
    return existing[0]


def _below(wanted: int | None, limit: int, what: str, notes: list[str]) -> int | None:
    if wanted is None or wanted < limit:
        return wanted
    notes.append(f"There is no {what} {wanted:,}; the last one is {limit - 1:,}.")
    return limit - 1
