"""All runs as a table; choosing a row chooses the run."""

import math
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from dashboard import loaders, nearest, state, words
from dashboard.components.refused_runs import MOST_LINES, refused_runs
from dashboard.components.row_table import Cell, Column, Row, row_table
from dashboard.figures.run_style import run_styles
from mnist_core.runs import Run
from mnist_core.wording import percent

MOST_ROWS = 30
"""Runs on screen at most; the table scrolls beyond them."""

HEIGHT = 28 * (MOST_ROWS + 1) + 20

AT_BEST = "After the best epoch."

COLUMNS = (
    Column("Test", AT_BEST, is_number=True),
    Column("Validation", f"{AT_BEST} That epoch is chosen on this split.", is_number=True),
    Column(
        "Loss",
        "On validation after the best epoch: cross-entropy in nats, or hinge loss of linear runs.",
        is_number=True,
    ),
    Column("Epochs", "How many there are, and which of them is the best (★).", is_number=True),
    Column("Time", "Training time of all epochs.", is_number=True),
    Column("Parameters", is_number=True),
)

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
            can_be_chosen=nearest.is_usable(run),
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


def figures(run: Run, right: dict[str, float | None]) -> tuple[Cell, ...]:
    """What the `COLUMNS` say of a run.

    Args:
        run: Any run.
        right: Its accuracy after the best epoch on validation and test, 0–1.
    """
    best, seconds = run.best_epoch, sum(record.seconds for record in run.history)
    loss = math.nan if best is None else run.history[best - 1].validation_loss
    hinge = " hinge" if run.output == "scores" else ""
    known_time = bool(run.history) and not math.isnan(seconds)
    return (
        share_cell(right["test"]),
        share_cell(right["validation"]),
        Cell("–") if math.isnan(loss) else Cell(f"{loss:.4f}{hinge}", loss),
        Cell(f"{len(run.history)}" + (f", ★ {best}" if best else ""), len(run.history)),
        Cell(words.duration(seconds), seconds) if known_time else Cell("–"),
        Cell("–") if run.parameters is None else Cell(f"{run.parameters:,}", run.parameters),
    )


def share_cell(share: float | None) -> Cell:
    """A share, 0–1, to be sorted by; an unknown one, `None` or NaN, comes last."""
    known = share is not None and not math.isnan(share)
    return Cell(percent(share, 2), share if known else None)


def _accuracies(runs: Sequence[Run]) -> dict[str, dict[str, float | None]]:
    """After the best epoch of each run, 0–1, by run and split; says what does not count."""
    right = {
        run.name: {"validation": run.validation_accuracy, "test": run.test_accuracy} for run in runs
    }
    split = loaders.load_chosen_split(state.selection())
    left_out = loaders.find_left_out(state.selection())
    if len(left_out) and split.name in ("validation", "test"):
        for run in runs:
            right[run.name][split.name] = loaders.counted_accuracy(run, split, left_out)
        st.caption(
            f"{split.name.capitalize()} leaves out {words.images(len(left_out))} marked as "
            "mislabelled; it is empty for runs that did not record their predictions on this "
            "split. The order of the rows and the lists in the sidebar use all labels."
        )
    return right


def _links(run: Run) -> tuple[tuple[str, str, str], ...]:
    """To the pages about a run, with everything else that is chosen."""
    if not nearest.is_usable(run):
        return ()
    selection = state.selection()
    epoch = selection.epoch if run.name == selection.run else run.best_epoch
    query = urlencode(replace(selection, run=run.name, epoch=epoch).query())
    anchors = {"Configuration": "#configuration"}
    return tuple(
        (text, f"{page}?{query}{anchors.get(text, '')}", f"{text} of {run.name}")
        for text, page in _PAGES.items()
    )
