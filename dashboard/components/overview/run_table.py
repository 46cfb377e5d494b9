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
from dashboard.visit import state
from dashboard.visit.selection import Selection
from dashboard.visit.visit import Visit
from mnist_core.runs import Run
from mnist_core.runs.choosing import best_first

_PAGES = {"Curves": "training", "Matrix": "confusion", "Configuration": "training"}


def run_table(visit: Visit) -> None:
    """Show every run, also those that cannot be used, with the reason.

    On the chosen split, images marked as mislabelled do not count where they are left out.
    """
    runs = best_first(visit.runs)
    right, styles = _accuracies(visit, runs), run_styles(runs)
    refused = [run for run in runs if run.reason]
    hidden = {run.name for run in refused[MOST_LINES:]}  # a list of its own has these
    listed = [run for run in runs if run.name not in hidden]
    rows = [
        Row(
            run.name,
            (
                *figures(run, right[run.name]),
                Cell(links=() if visit.against[run.name] else _links(run, visit.selection)),
            ),
            style=styles[run.name],
            note="" if run.state == "finished" else run.state,
            can_be_chosen=not visit.against[run.name],
        )
        for run in listed
    ]
    row_table(
        [*COLUMNS, Column("Open", can_sort=False)],
        rows,
        names="Run",
        chosen=[] if visit.shown is None else [visit.shown.run.name],
        on_choose=lambda name, _: state.choose(run=name, epoch=None),
        key="runs",
        height=HEIGHT if len(listed) > MOST_ROWS else None,
    )
    refused_runs(runs, visit)


def _accuracies(visit: Visit, runs: Sequence[Run]) -> dict[str, dict[str, float | None]]:
    """After the best epoch of each run, 0–1, by run and split; says what does not count."""
    right = {
        run.name: {"validation": run.validation_accuracy, "test": run.test_accuracy} for run in runs
    }
    split = visit.split
    left_out = find_left_out(split, visit.outline.name, visit.selection.labels)
    if len(left_out) and split.name in ("validation", "test"):
        for run in runs:
            right[run.name][split.name] = counted_accuracy(run, split, left_out)
        st.caption(
            f"{split.name.capitalize()} leaves out {words.images(len(left_out))} marked as "
            "mislabelled; it is empty for runs that did not record their predictions on this "
            "split. The order of the rows and the lists in the sidebar use all labels."
        )
    return right


def _links(run: Run, selection: Selection) -> tuple[tuple[str, str, str], ...]:
    """To the pages about a run, with everything else that is chosen."""
    epoch = selection.epoch if run.name == selection.run else run.best_epoch
    there = replace(selection, run=run.name, epoch=epoch)
    anchors = {"Configuration": "#configuration"}
    return tuple(
        (
            text,
            f"{page}?{urlencode(state.query_of(page, there))}{anchors.get(text, '')}",
            f"{text} of {run.name}",
        )
        for text, page in _PAGES.items()
    )
