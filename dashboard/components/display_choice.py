"""What the cells of the confusion matrix show."""

import streamlit as st

from dashboard import state

_LABELS = {"counts": "Counts", "share": "% of true class", "mistakes": "Mistakes alone"}
_KEY = "cells-display"


def display_choice() -> None:
    """Three choices; the one taken goes into the selection."""
    st.session_state[_KEY] = state.selection().cells
    st.segmented_control(
        "Cells show",
        list(_LABELS),
        key=_KEY,
        format_func=_LABELS.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=lambda: state.choose(cells=st.session_state[_KEY]),
    )
