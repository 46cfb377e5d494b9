"""How the confusion matrix is drawn."""

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.components.selection_choice import selection_choice
from dashboard.grids.confusion import Display

CELLS = {
    "counts": "Counts",
    "share": "% of true",
    "claims": "% of predicted",
    "mistakes": "Mistakes",
    "pictures": "Pictures",
}
_COLOURS = {"logarithmic": "Logarithmic", "linear": "Linear"}
_ORDER = {"number": "By number", "confusion": "Confused ones together"}
_EMPTY = {"shown": "Shown", "hidden": "Hidden"}


def matrix_controls() -> Display:
    """What cells show in a row, the rest in a window beside it; what is chosen is remembered."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        selection_choice("cells", "Cells show", CELLS, hide_label=True)
        with st.popover("Colours and order", icon=":material/tune:"):
            selection_choice("colours", "Colours", _COLOURS)
            selection_choice("order", "Classes", _ORDER)
            selection_choice("empty", "Classes without images", _EMPTY)
    return Display.of(state.selection())


def cell_boxes(cell: tuple[int | None, int | None], class_names: Sequence[str]) -> None:
    """Select boxes for true and predicted class: the way from cell to cell without a mouse."""
    true, predicted = cell
    _box("True class", "true", true, class_names)
    _box("Predicted class", "predicted", predicted, class_names)


def _box(label: str, name: str, chosen: int | None, class_names: Sequence[str]) -> None:
    key = _key_of(f"cell-{name}", chosen)
    st.session_state[key] = chosen
    st.selectbox(
        label,
        range(len(class_names)),
        key=key,
        index=None,
        placeholder=f"{label}: any",
        format_func=lambda number: f"{label}: {class_names[number]}",
        label_visibility="collapsed",
        width=178,
        on_change=lambda: state.choose(**{name: st.session_state[key]}, image=None),
    )


def _key_of(name: str, chosen: int | None) -> str:
    """A new key whenever something else than the box has changed what it shows.

    A browser that has not been told of the change yet sends the box's old value with the next
    click; under the old key it is no choice of anybody.
    """
    version = st.session_state.setdefault(f"{name}-version", 0)
    if st.session_state.get(f"{name}-{version}", chosen) != chosen:
        version = st.session_state[f"{name}-version"] = version + 1
    return f"{name}-{version}"
