"""All runs as a table; choosing a row chooses the run."""

from collections.abc import Sequence
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import loaders, nearest, state, words
from dashboard.components.refused_runs import refused_runs
from mnist_core.runs import Run


def run_table(runs: Sequence[Run]) -> None:
    """Show every run, also those that cannot be used, with the reason.

    On the chosen split, disputed labels do not count where the analyst leaves them out.
    """
    right = _accuracies(runs)
    table = pd.DataFrame(
        {
            "Run": [run.name for run in runs],
            "Parameters": pd.array([run.parameters for run in runs], dtype="Int64"),
            "Epochs": [len(run.history) for run in runs],
            "Best epoch": pd.array([run.best_epoch for run in runs], dtype="Int64"),
            "Validation %": right["validation"],
            "Test %": right["test"],
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
    refused_runs(runs)


def _accuracies(runs: Sequence[Run]) -> dict[str, list[float | None]]:
    """In percent, after the best epoch of each run, by split; says what does not count."""
    right = {
        "validation": [run.validation_accuracy for run in runs],
        "test": [run.test_accuracy for run in runs],
    }
    split = loaders.load_chosen_split(state.selection())
    left_out = loaders.find_left_out(state.selection())
    if len(left_out) and split.name in right:
        right[split.name] = [loaders.counted_accuracy(run, split, left_out) for run in runs]
        st.caption(
            f"{split.name.capitalize()} % leaves out {words.images(len(left_out))} with a disputed "
            "label; it is empty for runs that have not recorded their answers to this split. The "
            "order of the rows and the lists of the sidebar go by all labels."
        )
    return {name: [words.in_percent(share) for share in shares] for name, shares in right.items()}


def _choose(runs: Sequence[Run], key: str) -> None:
    rows = st.session_state[key].selection.rows
    if rows and nearest.is_usable(runs[rows[0]]):
        state.choose(run=runs[rows[0]].name, epoch=None)


def _link(page: str, run: Run) -> str | None:
    return f"{page}?{urlencode({'run': run.name})}" if run.history else None
