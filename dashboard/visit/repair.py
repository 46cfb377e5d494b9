"""Settles a visit: what does not exist is replaced by what does, and each replacement is said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dashboard.loading.causes import load_causes
from dashboard.loading.images import load_outline, load_split, source_stamp
from dashboard.loading.run_list import list_runs
from dashboard.loading.sets import read_set
from dashboard.visit.display import Display
from dashboard.visit.selection import EVERY_RUN, Selection
from dashboard.visit.view import RunAndEpoch
from dashboard.visit.visit import Visit
from mnist_core.datasets import DATASETS, Split, class_names, data_names
from mnist_core.errors import DatasetError, MnistLensError, TriageError
from mnist_core.runs import Run
from mnist_core.runs.choosing import best_first, best_to_see, epochs_to_see, reason_against
from mnist_core.triage import counts

FIRST_DATA = next(iter(DATASETS))
DEFAULT_SPLITS = ("test", "validation", "train")


def settle(wanted: Selection, display: Display) -> tuple[Visit, tuple[str, ...]]:
    """Replace what does not exist.

    Returns:
        A visit to things that exist, and one sentence for each replacement.
    """
    notes: list[str] = []
    names = _data_names(notes)
    data = _readable_data(_of(wanted.data, list(names), "data set", notes), notes)
    outline, stamp = load_outline(data), source_stamp(data)
    default_split = next(name for name in DEFAULT_SPLITS if name in outline.sizes)
    split_name = _of(
        wanted.split,
        [default_split, *(s for s in outline.sizes if s != default_split)],
        f"split of {outline.title} from {outline.source}",
        notes,
    )
    split, runs = load_split(data, split_name), list_runs()
    against = {run.name: reason_against(run, split) for run in runs}
    usable = {
        run.name: run
        for run in best_first((run for run in runs if not against[run.name]), data=data)
    }
    if against.get(wanted.run or ""):
        notes.append(f"The run {wanted.run} cannot be shown: {against[wanted.run or '']}")
        wanted = replace(wanted, run=None, epoch=None)
    shown = _run_and_epoch(wanted.run, wanted.epoch, usable, split, notes) if usable else None
    baseline = None
    if wanted.baseline in usable:
        baseline = _run_and_epoch(wanted.baseline, wanted.baseline_epoch, usable, split, notes)
    elif wanted.baseline is not None:
        reason = against.get(wanted.baseline, "there is no such run.")
        notes.append(f"The run “{wanted.baseline[:60]}” cannot be compared with: {reason}")
    looked_at = [side.run.n_classes for side in (shown, baseline) if side is not None]
    n_classes = max([split.n_classes, *looked_at])

    def label(name: str, wanted: int | None) -> int | None:
        return _within(name, wanted, n_classes, "classes", "", notes)

    selection = replace(
        wanted,
        data=data,
        split=split_name,
        run=shown.run.name if shown else None,
        epoch=shown.epoch if shown else None,
        baseline=baseline.run.name if baseline else None,
        baseline_epoch=baseline.epoch if baseline else None,
        true=label("true", wanted.true),
        predicted=label("predicted", wanted.predicted),
        before=label("before", wanted.before),
        after=label("after", wanted.after),
        image=_within(
            "image", wanted.image, len(split), "images", f" of {outline.title} {split_name}", notes
        ),
        set=_readable_set(wanted.set, split, class_names(outline, n_classes), notes),
        curves=_existing(wanted.curves, {run.name for run in runs}, "draw curves of", notes),
        alone=_existing(wanted.alone, {run.name for run in runs}, "draw curves of", notes) or None,
        runs=_existing(wanted.runs, {*usable, EVERY_RUN}, "look at on this split", notes) or None,
        erring=_existing(wanted.erring, usable, "list errors of", notes),
        erring_too=_existing(wanted.erring_too, usable, "list errors of", notes),
        cause=_existing_cause(wanted.cause, split, data, notes),
    )
    visit = Visit(selection, display, names, stamp, outline, split, runs, against, shown, baseline)
    return visit, tuple(notes)


def _data_names(notes: list[str]) -> tuple[str, ...]:
    try:
        return data_names()
    except DatasetError as error:
        notes.append(str(error))
        return tuple(DATASETS)


def _readable_data(name: str, notes: list[str]) -> str:
    """The data set, or the first in place of an added one that is damaged or has just gone."""
    try:
        load_outline(name)
    except DatasetError as error:
        if name in DATASETS:
            raise
        notes.append(f"{error} This is {FIRST_DATA}.")
        return FIRST_DATA
    return name


def _run_and_epoch(
    wanted: str | None, epoch: int | None, usable: Mapping[str, Run], split: Split, notes: list[str]
) -> RunAndEpoch:
    name = _of(wanted, list(usable), "run", notes)
    run = usable[name]
    epochs = epochs_to_see(run, split)
    if epoch is None or wanted not in (None, name):
        return RunAndEpoch(run, best_to_see(run, split))
    if epoch in epochs:
        return RunAndEpoch(run, epoch)
    found = min(epochs, key=lambda kept: abs(kept - epoch))
    notes.append(
        f"{name} has nothing to show for epoch {epoch} on {split.name}; this is epoch {found}."
    )
    return RunAndEpoch(run, found)


def _existing(
    wanted: str | None, existing: Collection[str], purpose: str, notes: list[str]
) -> str | None:
    """Of names with commas those that exist, each once; of none that does, no choice."""
    if wanted is None:
        return None
    names = list(dict.fromkeys(wanted.split(",")))
    for name in names:
        if name and name not in existing:
            notes.append(f"There is no run named “{name[:60]}” to {purpose}.")
    kept = ",".join(name for name in names if name in existing)
    return kept if kept or not wanted else None


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


def _readable_set(
    wanted: str | None, images: Split, names: Sequence[str], notes: list[str]
) -> str | None:
    try:
        if wanted is not None:
            read_set(wanted, images, names)
    except MnistLensError as error:
        notes.append(f"The link's set cannot be used, so these are all images: {error}")
        return None
    return wanted


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
