"""All epochs of a run as a table; choosing a row chooses the checkpoint."""

import pandas as pd
import streamlit as st

from dashboard import loaders, nearest, state, words
from mnist_core.runs import Run

MOST_ROWS = 15
"""Epochs on screen at most; the table scrolls beyond them."""

_LOSSES = {
    "probabilities": "Cross-entropy in nats.",
    "scores": "Hinge loss, mean over images and classes.",
}


def epoch_table(run: Run) -> None:
    """Show the history; the chosen epoch and the best one are marked."""
    chosen = state.selection().epoch
    table = pd.DataFrame(
        {
            "Epoch": [record.epoch for record in run.history],
            "": [_mark(run, record.epoch, chosen) for record in run.history],
            "Train loss": [record.loss for record in run.history],
            "Train %": [words.in_percent(record.accuracy) for record in run.history],
            "Validation loss": [record.validation_loss for record in run.history],
            "Validation %": [
                words.in_percent(record.validation_accuracy) for record in run.history
            ],
            "Seconds": [record.seconds for record in run.history],
        }
    )
    two = st.column_config.NumberColumn(format="%.2f")
    four = st.column_config.NumberColumn(format="%.4f", help=_LOSSES[run.output])
    # A table of its own for each choice, so that no old tick contradicts what is shown.
    key = f"epoch-table-{run.name}-{chosen}"
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height="content" if len(run.history) <= MOST_ROWS else 36 * MOST_ROWS,
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
    split = loaders.load_chosen_split(state.selection())
    if rows and run.history[rows[0]].epoch in nearest.epochs_to_see(run, split):
        state.choose(run=run.name, epoch=run.history[rows[0]].epoch)


def _mark(run: Run, epoch: int, chosen: int | None) -> str:
    marks = {
        "★ best": epoch == run.best_epoch,
        "● shown": epoch == chosen,
        "model kept": run.has_checkpoint(epoch),
        "predictions only": not run.has_checkpoint(epoch),
    }
    return " ".join(mark for mark, holds in marks.items() if holds)
