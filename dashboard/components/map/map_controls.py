"""How the map is laid out and coloured, and which images are points."""

import streamlit as st

from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.visit.view import View

_LAYOUTS = {"pca": "PCA", "umap": "UMAP"}
_COLOURS = {
    "truth": "Truth",
    "prediction": "Prediction",
    "error": "Error",
    "confidence": "Confidence",
    "set": "Set",
}
_POINTS = {"all": "All images", "set": "The set alone"}


def map_controls(view: View) -> None:
    """The choices, in a row that wraps."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        selection_choice("layout", "Layout", _LAYOUTS, hide_label=True)
        selection_choice("colour", "Colours say", _COLOURS, hide_label=True)
        if view.subset is not None:
            selection_choice("points", "Points are", _POINTS, hide_label=True)
