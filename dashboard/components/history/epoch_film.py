"""The confusion matrix over the epochs of a run, as a film with a slider."""

import streamlit as st

from dashboard.components.history.display import HistoryDisplay
from dashboard.components.shared.cell_grid import cell_grid_player
from dashboard.components.shared.matrix_controls import CELLS, cell_controls
from dashboard.drawing.grids.confusion import MatrixDisplay, film
from dashboard.loading.answers import load_recorded
from dashboard.visit import state
from dashboard.visit.view import View

_CELLS = {name: text for name, text in CELLS.items() if name != "pictures"}


def epoch_film(view: View, display: HistoryDisplay) -> None:
    """Show the matrix of the chosen epoch, or of the nearest one that was recorded; every other
    one is in the browser already.

    Choosing a cell looks at the epoch that the slider stands on.
    """
    cell_controls(_CELLS)
    recorded = load_recorded(view.run, view.split)
    assert recorded is not None
    grids = film(
        [a.without(view.left_out) for a in recorded.over_epochs(view.split.labels, view.run)],
        class_names=view.class_names,
        display=MatrixDisplay(
            cells=display.cells if display.cells in _CELLS else "counts", colours=display.colours
        ),
    )
    epochs = recorded.epochs

    def choose(true: int | None, predicted: int | None, frame: int) -> None:
        state.choose(true=true, predicted=predicted, epoch=epochs[frame], history="cell")

    cell_grid_player(
        [
            (f"Epoch {epoch} of {len(view.run.history)}", g)
            for epoch, g in zip(epochs, grids, strict=True)
        ],
        film=f"{view.run.name} {view.split.fingerprint}",
        shown=min(range(len(epochs)), key=lambda frame: abs(epochs[frame] - view.epoch)),
        chosen=(*view.chosen_cell, "") if display.history == "cell" else None,
        on_choose=choose,
        key="epoch-film",
    )
    st.caption("Colours have one scale over all epochs.")
