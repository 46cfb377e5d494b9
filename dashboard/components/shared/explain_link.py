"""The way from what was drawn to why the model reads it so."""

import numpy as np
import streamlit as st

from dashboard.navigation import PAGES
from dashboard.visit import state
from dashboard.visit.selection import Selection


def explain_link(
    selection: Selection, image: np.ndarray, *, label: str = "Explain the drawing"
) -> None:
    """Keep what was drawn or photographed for this visitor, and link to the page that explains it.

    Args:
        selection: What is looked at.
        image: The drawing as the model sees it, grey levels 0–255. `uint8`, shape `(28, 28)`.
        label: What the link is called.
    """
    state.keep_drawing(image)
    query = state.query_of("explanations", selection) | {"sheet": "sketch"}
    st.page_link(
        PAGES / "explanations.py",
        label=label,
        icon=":material/lightbulb:",
        query_params=query,
    )
