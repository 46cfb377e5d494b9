"""All epochs of a run as a table; choosing a row chooses the checkpoint."""

import pandas as pd
import streamlit as st

from dashboard import state
from mnist_core.runs import Run


def epoch_table(run: Run) -> None:
    """Show the history; the chosen epoch and the best one are marked."""
    best, chosen = run.best_epoch, state.selection().epoch
    table = pd.DataFrame(
        {
            "Epoch": [record.epoch for record in run.history],
            "": [_mark(record.epoch, best, chosen) for record in run.history],
            "Train loss": [record.loss for record in run.history],
            "Train %": [100 * record.accuracy for record in run.history],
            "Validation loss": [record.validation_loss for record in run.history],
            "Validation %": [100 * record.validation_accuracy for record in run.history],
            "Seconds": [record.seconds for record in run.history],
        }
    )
    two = st.column_config.NumberColumn(format="%.2f")
    four = st.column_config.NumberColumn(format="%.4f", help="Cross-entropy in nats.")
    # A table of its own for each choice, so that no old tick contradicts what is shown.
    key = f"epoch-table-{run.name}-{chosen}"
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height="content",
        on_select=lambda: _choose(run, key),
        selection_mode="single-row",
        column_config={
            "Train loss": four,
            "Validation loss": four,
            "Train %": two,
            "Validation %": two,
            "Seconds": st.column_config.NumberColumn(format="%.1f"),
        },
    )


def _choose(run: Run, key: str) -> None:
    rows = st.session_state[key].selection.rows
    if rows and any(c.epoch == run.history[rows[0]].epoch for c in run.checkpoints):
        state.choose(run=run.name, epoch=run.history[rows[0]].epoch)


def _mark(epoch: int, best: int | None, chosen: int | None) -> str:
    return f"{'★ best ' if epoch == best else ''}{'● shown' if epoch == chosen else ''}".strip()
