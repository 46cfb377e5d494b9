"""All runs as a table; choosing a row chooses the run."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from dashboard.components.overview.refused_runs import MOST_LINES, refused_runs
from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.components.shared.run_rows import COLUMNS, HEIGHT, MOST_ROWS, figures
from dashboard.drawing import words
from dashboard.drawing.figures.run_style import run_styles
from dashboard.loading.answers import counted_accuracy
from dashboard.loading.causes import find_left_out
from dashboard.loading.images import load_chosen_split
from dashboard.visit import repair, state
from mnist_core.runs import Run

_PAGES = {"Curves": "training", "Matrix": "confusion", "Configuration": "training"}


def run_table(runs: Sequence[Run]) -> None:
    """Show every run, also those that cannot be used, with the reason.

    On the chosen split, images marked as mislabelled do not count where they are left out.
    """
    right, styles = _accuracies(runs), run_styles(runs)
    refused = [run for run in runs if run.reason]
    hidden = {run.name for run in refused[MOST_LINES:]}  # a list of its own has these
    listed = [run for run in runs if run.name not in hidden]
    rows = [
        Row(
            run.name,
            (*figures(run, right[run.name]), Cell(links=_links(run))),
            style=styles[run.name],
            note="" if run.state == "finished" else run.state,
            can_be_chosen=repair.is_usable(run),
        )
        for run in listed
    ]
    row_table(
        [*COLUMNS, Column("Open", can_sort=False)],
        rows,
        names="Run",
        chosen=[str(state.selection().run)],
        on_choose=lambda name, _: state.choose(run=name, epoch=None),
        key="runs",
        height=HEIGHT if len(listed) > MOST_ROWS else None,
    )
    refused_runs(runs)


def _accuracies(runs: Sequence[Run]) -> dict[str, dict[str, float | None]]:
    """After the best epoch of each run, 0–1, by run and split; says what does not count."""
    right = {
        run.name: {"validation": run.validation_accuracy, "test": run.test_accuracy} for run in runs
    }
    split = load_chosen_split(state.selection())
    left_out = find_left_out(state.selection())
    if len(left_out) and split.name in ("validation", "test"):
        for run in runs:
            right[run.name][split.name] = counted_accuracy(run, split, left_out)
        st.caption(
            f"{split.name.capitalize()} leaves out {words.images(len(left_out))} marked as "
            "mislabelled; it is empty for runs that did not record their predictions on this "
            "split. The order of the rows and the lists in the sidebar use all labels."
        )
    return right


def _links(run: Run) -> tuple[tuple[str, str, str], ...]:
    """To the pages about a run, with everything else that is chosen."""
    if not repair.is_usable(run):
        return ()
    selection = state.selection()
    epoch = selection.epoch if run.name == selection.run else run.best_epoch
    query = urlencode(replace(selection, run=run.name, epoch=epoch).query())
    anchors = {"Configuration": "#configuration"}
    return tuple(
        (text, f"{page}?{query}{anchors.get(text, '')}", f"{text} of {run.name}")
        for text, page in _PAGES.items()
    )
