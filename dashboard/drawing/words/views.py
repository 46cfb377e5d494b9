"""What a page about a run says of what it shows."""

from dashboard.drawing.words.counts import images, plain
from dashboard.drawing.words.many_runs import run_count
from dashboard.visit.view import View
from mnist_core import formatting
from mnist_core.answers.many_runs import ManyRuns


def only_cause(view: View) -> str:
    """That only images with the chosen cause are listed, to be added to what is; for Markdown."""
    return "" if view.cause is None else f", only ‘{plain(view.cause)}’"


def findings(view: View) -> str:
    """What is shown, in one line, from the data."""
    return (
        f"{view.run.name} · epoch {view.epoch} of {len(view.run.history)} · {view.outline.title} "
        f"{view.split.name}, {counted(view)} · {accuracy(view)}"
    )


def at_once(view: View, runs: ManyRuns) -> str:
    """What a page about several runs shows, in one line, from the data."""
    return (
        f"{run_count(len(runs))}, {'at its' if len(runs) == 1 else 'each at its'} best epoch · "
        f"{view.outline.title} {view.split.name}, {counted(view)} · "
        f"{len(runs.right_in_all()):,} right in all, {len(runs.wrong_in_all()):,} wrong in all · "
        f"queries ask {view.run.name} · epoch {view.epoch} of {len(view.run.history)}"
    )


def counted(view: View) -> str:
    """How many images count, e.g. `41 of 10,000 images without 3 marked as mislabelled`."""
    found, n_left_out = "", len(view.mislabelled)
    if view.subset is not None:
        found = f"{len(view.subset.positions):,} of "
        n_left_out = len(view.subset.positions) - len(view.counted)
    left_out = f" without {n_left_out:,} marked as mislabelled" if n_left_out else ""
    return f"{found}{images(len(view.split))}{left_out}"


def accuracy(view: View) -> str:
    """The share predicted right, e.g. `98.6 % right (98.4–98.8)`."""
    if not view.is_tested:
        share = view.counted.accuracy
        return f"{formatting.percent(share, formatting.decimals([share]))} right"
    ends = None if view.is_chosen_here else view.counted.accuracy_interval
    return formatting.accuracy(view.counted.accuracy, ends)
