"""The view of a page about a run."""

from dashboard.loading.answers import load_answers
from dashboard.loading.causes import find_causes, left_out_of
from dashboard.loading.images import load_chosen_split, load_outline
from dashboard.loading.run_list import load_run
from dashboard.visit.state import Selection
from dashboard.visit.view import View
from mnist_core.answers.comparison import Comparison


def load_view(selection: Selection) -> View:
    """All that a page about the chosen run shows.

    Raises:
        RunError: The run has gone, or there is neither a model nor a record of the epoch.
    """
    outline, split = load_outline(str(selection.data)), load_chosen_split(selection)
    run, epoch = load_run(str(selection.run)), int(selection.epoch or 0)
    answers, comparison = load_answers(run, epoch, split), None
    if selection.baseline is not None:
        baseline = load_run(selection.baseline)
        before = load_answers(baseline, int(selection.baseline_epoch or 0), split)
        comparison = Comparison(before, answers)
    causes = find_causes(split, outline.name)
    left_out = left_out_of(selection, causes)
    return View(outline, split, run, epoch, answers, comparison, causes, left_out, selection.cause)


def find_view(selection: Selection) -> View | None:
    """As `load_view`; `None` while there is no run."""
    return None if selection.run is None else load_view(selection)
