"""How the confusion matrix is drawn."""

import streamlit as st

from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing.grids.confusion import Display
from dashboard.visit import state

CELLS = {
    "counts": "Counts",
    "share": "% of true",
    "predicted": "% of predicted",
    "mistakes": "Mistakes",
    "pictures": "Pictures",
}
_COLOURS = {"logarithmic": "Logarithmic", "linear": "Linear"}
_ORDER = {"number": "By number", "confusion": "Confused classes together"}
_EMPTY = {"shown": "Shown", "hidden": "Hidden"}


def matrix_controls() -> Display:
    """What cells show, the rest in a window; what is chosen is remembered."""
    selection_choice("cells", "Cells show", CELLS, hide_label=True)
    with st.popover("Colours and order", icon=":material/tune:"):
        selection_choice("colours", "Colours", _COLOURS)
        selection_choice("order", "Classes", _ORDER)
        selection_choice("empty", "Classes without images", _EMPTY)
    return Display.of(state.selection())
