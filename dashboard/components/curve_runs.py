"""The runs to choose learning curves from, as a table with a box to tick for each."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import state, words
from mnist_core.learning_curves import verdict
from mnist_core.runs import Run


def curve_runs(runs: Sequence[Run], shown: Sequence[Run]) -> None:
    """Show every run with a history; ticking one draws its curves.

    Args:
        runs: All there are to choose from.
        shown: Those on the chart.
    """
    on_show = [run.name for run in shown]
    table = pd.DataFrame(
        {
            "Show": [run.name in on_show for run in runs],
            "Run": [run.name for run in runs],
            "Parameters": pd.array([run.parameters for run in runs], dtype="Int64"),
            "Epochs": [len(run.history) for run in runs],
            "Best": pd.array([run.best_epoch for run in runs], dtype="Int64"),
            "Train %": [_at_best(run) for run in runs],
            "Validation %": [words.in_percent(run.validation_accuracy) for run in runs],
            "Test %": [words.in_percent(run.test_accuracy) for run in runs],
            "Validation loss": [str(verdict(run.history)) for run in runs],
            "State": [run.state for run in runs],
        }
    )
    # A table of its own for each choice, so that no old tick contradicts what is shown.
    key = f"curve-runs-{','.join(on_show)}"
    two = st.column_config.NumberColumn(format="%.2f")

    def choose() -> None:
        edited = st.session_state[key]["edited_rows"]
        ticked = {runs[row].name: change["Show"] for row, change in edited.items()}
        wanted = [run.name for run in runs if ticked.get(run.name, run.name in on_show)]
        state.choose(curves=",".join(wanted))

    st.data_editor(
        table,
        key=key,
        hide_index=True,
        height="content",
        disabled=[column for column in table.columns if column != "Show"],
        on_change=choose,
        column_config={
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Train %": st.column_config.NumberColumn(
                format="%.2f", help="Over the batches of the best epoch; linear runs: after it."
            ),
            "Validation %": st.column_config.NumberColumn(
                format="%.2f", help="After the best epoch, which is chosen on this split."
            ),
            "Test %": two,
        },
    )


def _at_best(run: Run) -> float | None:
    best = run.best_epoch
    return None if best is None else words.in_percent(run.history[best - 1].accuracy)
