"""The view of a visit: its answers, computed or from the cache, and the analyst's causes."""

from dashboard.loading.answers import load_answers
from dashboard.loading.causes import find_causes
from dashboard.visit.view import Baseline, RunAndEpoch, View
from dashboard.visit.visit import Visit
from mnist_core.triage import wrong_labels


def load_view(visit: Visit, shown: RunAndEpoch) -> View:
    """All that a page about a run shows.

    Args:
        visit: What the visit is about.
        shown: Its run and epoch.

    Raises:
        RunError: The run has gone, or there is neither a model nor a record of the epoch.
    """
    split, baseline = visit.split, None
    if visit.baseline is not None:
        run, epoch = visit.baseline.run, visit.baseline.epoch
        baseline = Baseline(run, epoch, load_answers(run, epoch, split))
    causes = find_causes(split, visit.outline.name)
    return View(
        visit.outline,
        split,
        shown.run,
        shown.epoch,
        load_answers(shown.run, shown.epoch, split),
        baseline,
        causes,
        wrong_labels(causes if visit.selection.labels == "undisputed" else {}),
        selection=visit.selection,
        runs=visit.runs,
        usable_runs=visit.usable_runs,
    )
