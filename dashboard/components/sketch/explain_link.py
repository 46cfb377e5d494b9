"""The way from what was drawn to why the model reads it so."""

import numpy as np
import streamlit as st

from dashboard.navigation import PAGES
from dashboard.visit import state
from dashboard.visit.visit import Visit


def explain_link(visit: Visit, image: np.ndarray) -> None:
    """Keep what was drawn for this visitor, and link to the page that explains it.

    Args:
        visit: What is looked at.
        image: The drawing as the model sees it, grey levels 0–255. `uint8`, shape `(28, 28)`.
    """
    state.keep_drawing(image)
    query = state.query_of("explanations", visit.selection) | {"sheet": "sketch"}
    st.page_link(
        PAGES / "explanations.py",
        label="Explain the drawing",
        icon=":material/lightbulb:",
        query_params=query,
    )
