"""The nearest thing that exists to what a link asks for, with a sentence on each replacement."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboard.loading.causes import load_causes
from dashboard.loading.images import load_chosen_split, load_outline, load_split
from dashboard.loading.run_list import list_runs
from dashboard.visit import state
from dashboard.visit.state import Selection
from dashboard.visit.view import View
from mnist_core.datasets import DATASETS, Split
from mnist_core.errors import TriageError
from mnist_core.runs import Run
from mnist_core.triage import counts

DEFAULT_SPLITS = ("test", "validation", "train")


def nearest(wanted: Selection) -> tuple[Selection, tuple[str, ...]]:
    """Replace what does not exist.

    Returns:
        A selection of things that exist (`run` and `epoch` are `None` while there are no runs),
        and one sentence for each replacement.
    """
    notes: list[str] = []
    data = _of(wanted.data, list(DATASETS), "data set", notes)
    dataset = load_outline(data)
    default_split = next(name for name in DEFAULT_SPLITS if name in dataset.sizes)
    split = _of(
        wanted.split,
        [default_split, *(s for s in dataset.sizes if s != default_split)],
        f"split of {dataset.title} from {dataset.source}",
        notes,
    )
    images, listed = load_split(data, split), list_runs()
    run, epoch = _run_and_epoch(wanted.run, wanted.epoch, listed, images, notes)
    baseline, baseline_epoch = None, None
    if wanted.baseline in {found.name for found in _usable(listed, images)}:
        baseline, baseline_epoch = _run_and_epoch(
            wanted.baseline, wanted.baseline_epoch, listed, images, notes
        )
    elif wanted.baseline is not None:
        notes.append(f"There is no run “{wanted.baseline[:60]}” to compare with.")
    looked_at = [found.n_classes for found in listed if found.name in (run, baseline)]
    n_classes = max([len(dataset.class_names), *looked_at])
    curves = _existing_curves(wanted.curves, listed, notes)
    settled = replace(
        wanted,
        data=data,
        split=split,
        run=run,
        epoch=epoch,
        baseline=baseline,
        baseline_epoch=baseline_epoch,
        true=_within("true", wanted.true, n_classes, "classes", "", notes),
        predicted=_within("predicted", wanted.predicted, n_classes, "classes", "", notes),
        before=_within("before", wanted.before, n_classes, "classes", "", notes),
        after=_within("after", wanted.after, n_classes, "classes", "", notes),
        image=_within(
            "image", wanted.image, len(images), "images", f" of {dataset.title} {split}", notes
        ),
        curves=curves,
        alone=_existing_curves(wanted.alone, listed, notes) or None,
        cause=_existing_cause(wanted.cause, images, data, notes),
    )
    return settled, tuple(notes)


def cell_within(chosen: Selection, n_classes: int) -> tuple[int | None, int | None]:
    """The chosen cell as (true, predicted), without a class that only the baseline tells apart."""
    labels = chosen.true, chosen.predicted
    true, predicted = (None if label is None or label >= n_classes else label for label in labels)
    return true, predicted


def shown_cell(view: View, chosen: Selection) -> tuple[int | None, int | None]:
    """The chosen cell (see `cell_within`), or that of the opened image where none is chosen."""
    cell = cell_within(chosen, view.answers.n_classes)
    if cell == (None, None) and chosen.image is not None:
        return view.answers.cell_of(chosen.image)
    return cell


def usable_runs() -> tuple[Run, ...]:
    """The runs with something to show on the chosen split, the best on validation first."""
    split = load_chosen_split(state.selection())
    return _usable(list_runs(), split)


def is_usable(run: Run) -> bool:
    """Whether a run has something to show on any split."""
    return run.state != "refused" and bool(run.checkpoints or run.recorded_epochs)


def best_first(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs by their accuracy on validation, the highest first; those without one come last."""
    return tuple(sorted(runs, key=lambda run: -(run.validation_accuracy or 0)))


def epochs_to_see(run: Run, split: Split) -> list[int]:
    """The epochs whose model was kept, or whose answers to the split were recorded, in order."""
    kept = {checkpoint.epoch for checkpoint in run.checkpoints}
    if run.has_answers_to(split):
        kept |= set(run.recorded_epochs)
    return sorted(kept)


def _usable(runs: Iterable[Run], split: Split) -> tuple[Run, ...]:
    return best_first(r for r in runs if r.state != "refused" and epochs_to_see(r, split))


def _run_and_epoch(
    wanted: str | None, epoch: int | None, listed: Sequence[Run], split: Split, notes: list[str]
) -> tuple[str | None, int | None]:
    usable = {run.name: run for run in _usable(listed, split)}
    if not usable:
        return None, None
    asked = {run.name: run for run in listed}.get(wanted or "")
    if asked and asked.name not in usable:
        nothing = (
            "It has not finished an epoch yet." if not asked.history else "It has no saved model."
        )
        notes.append(f"The run {asked.name} cannot be shown: {asked.reason or nothing}")
        wanted, epoch = None, None
    name = _of(wanted, list(usable), "run", notes)
    run = usable[name]
    epochs = epochs_to_see(run, split)
    if epoch is None or wanted not in (None, name):
        return name, run.best_epoch if run.best_epoch in epochs else epochs[-1]
    if epoch in epochs:
        return name, epoch
    found = min(epochs, key=lambda kept: abs(kept - epoch))
    notes.append(
        f"{name} has nothing to show of epoch {epoch} on {split.name}; this is epoch {found}."
    )
    return name, found


def _existing_curves(wanted: str | None, listed: Sequence[Run], notes: list[str]) -> str | None:
    if wanted is None:
        return None
    existing = {run.name for run in listed}
    names = wanted.split(",")
    for name in names:
        if name and name not in existing:
            notes.append(f"There is no run named “{name[:60]}” to draw curves of.")
    return ",".join(name for name in names if name in existing)


def _existing_cause(wanted: str | None, images: Split, data: str, notes: list[str]) -> str | None:
    try:
        known = counts(load_causes(images, data))
    except TriageError as error:
        notes.append(str(error))
        return None
    if wanted is None or wanted in known:
        return wanted
    notes.append(f"No image of {images.name} has the cause “{wanted[:60]}”; these are all.")
    return None


def _of(wanted: str | None, existing: list[str], what: str, notes: list[str]) -> str:
    if wanted in existing:
        return wanted
    if wanted is not None:
        notes.append(f"There is no {what} named “{wanted[:60]}”; this is {existing[0]}.")
    return existing[0]


def _within(
    name: str, wanted: int | None, limit: int, what: str, where: str, notes: list[str]
) -> int | None:
    """A number below a limit; nothing in place of any other, for none stands near it."""
    if wanted is None or 0 <= wanted < limit:
        return wanted
    notes.append(
        f"The link's {name} should be one of the {what} 0 to {limit - 1}{where}, not {wanted}."
    )
    return None
