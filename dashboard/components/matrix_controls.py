"""How the confusion matrix is drawn."""

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.components.selection_choice import selection_choice
from dashboard.components.take_away import take_away
from dashboard.grids.confusion import Display
from dashboard.loaders import View

_CELLS = {
    "counts": "Counts",
    "share": "% of true",
    "claims": "% of predicted",
    "mistakes": "Mistakes",
    "pictures": "Pictures",
}
_COLOURS = {"logarithmic": "Logarithmic", "linear": "Linear"}
_ORDER = {"number": "By number", "confusion": "Confused ones together"}
_EMPTY = {"shown": "Shown", "hidden": "Hidden"}


def matrix_controls(view: View) -> Display:
    """What cells show in a row, the rest in windows beside it; what is chosen is remembered."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        selection_choice("cells", "Cells show", _CELLS, hide_label=True)
        with st.popover("Colours and order", icon=":material/tune:"):
            selection_choice("colours", "Colours", _COLOURS)
            selection_choice("order", "Classes", _ORDER)
            selection_choice("empty", "Classes without images", _EMPTY)
        take_away(view)
    selection = state.selection()
    return Display(selection.cells, selection.colours, selection.order, selection.empty)


def cell_boxes(class_names: Sequence[str]) -> None:
    """Select boxes for true and predicted class: the way from cell to cell without a mouse."""
    left, right = st.columns(2, gap="small")
    with left:
        _box("True class", "true", class_names)
    with right:
        _box("Predicted class", "predicted", class_names)


def _box(label: str, name: str, class_names: Sequence[str]) -> None:
    key = f"cell-{name}"
    st.session_state[key] = getattr(state.selection(), name)
    st.selectbox(
        label,
        range(len(class_names)),
        key=key,
        index=None,
        placeholder=f"{label}: any",
        format_func=lambda number: f"{label}: {class_names[number]}",
        label_visibility="collapsed",
        on_change=lambda: state.choose(**{name: st.session_state[key]}, image=None),
    )
