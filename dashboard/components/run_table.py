"""All runs as a table; choosing a row chooses the run."""

from collections.abc import Sequence
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import nearest, state, words
from mnist_core.runs import Run


def run_table(runs: Sequence[Run]) -> None:
    """Show every run, also those that cannot be used, with the reason."""
    table = pd.DataFrame(
        {
            "Run": [run.name for run in runs],
            "Parameters": pd.array([run.parameters for run in runs], dtype="Int64"),
            "Epochs": [len(run.history) for run in runs],
            "Best epoch": pd.array([run.best_epoch for run in runs], dtype="Int64"),
            "Validation %": [words.in_percent(run.validation_accuracy) for run in runs],
            "Test %": [words.in_percent(run.test_accuracy) for run in runs],
            "State": [run.state for run in runs],
            "Curves": [_link("training", run) for run in runs],
            "Confusion": [_link("confusion", run) for run in runs],
        }
    )
    # A table of its own for each choice, so that no old tick contradicts what is shown.
    key = f"run-table-{state.selection().run}"
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=lambda: _choose(runs, key),
        selection_mode="single-row",
        column_config={
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Validation %": st.column_config.NumberColumn(
                format="%.2f", help="After the best epoch, which is chosen on this split."
            ),
            "Test %": st.column_config.NumberColumn(format="%.2f", help="After the best epoch."),
            "Curves": st.column_config.LinkColumn(display_text="Learning curves"),
            "Confusion": st.column_config.LinkColumn(display_text="Confusion matrix"),
        },
    )
    for run in runs:
        if run.reason:
            st.caption(words.plain(f"{run.name} cannot be used. {run.reason}"))


def _choose(runs: Sequence[Run], key: str) -> None:
    rows = st.session_state[key].selection.rows
    if rows and nearest.is_usable(runs[rows[0]]):
        state.choose(run=runs[rows[0]].name, epoch=None)


def _link(page: str, run: Run) -> str | None:
    return f"{page}?{urlencode({'run': run.name})}" if run.history else None
