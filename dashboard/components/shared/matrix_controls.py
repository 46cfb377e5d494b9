"""How the confusion matrix is drawn."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing.grids.confusion import MOST_AT_ONCE

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
_RARE = {"shown": "Shown", "grouped": "Grouped as other"}


def matrix_controls(n_classes: int) -> None:
    """What cells show, the rest in a window.

    Args:
        n_classes: Number of classes of the matrix.
    """
    selection_choice("cells", "Cells show", CELLS, hide_label=True)
    with st.popover("Colours and order", icon=":material/tune:"):
        selection_choice("colours", "Colours", _COLOURS)
        selection_choice("order", "Classes", _ORDER)
        selection_choice("empty", "Classes without images", _EMPTY)
        if n_classes > MOST_AT_ONCE:
            selection_choice("rare", "The rarest classes", _RARE)


def cell_controls(cells: Mapping[str, str] = CELLS) -> None:
    """What cells show, and their colours, where classes stand by number.

    Args:
        cells: What each word on offer is called.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        selection_choice("cells", "Cells show", cells, hide_label=True)
        with st.popover("Colours", icon=":material/tune:"):
            selection_choice("colours", "Colours", _COLOURS)
