"""More on the opened image than fits beside the matrix: its history, its like, its pixels."""

import streamlit as st

from dashboard import state
from dashboard.components.nearest_digits import nearest_digits
from dashboard.components.prediction_ribbon import prediction_ribbon
from dashboard.components.selection_widgets import mirror
from dashboard.figures.pixel_values import pixel_values_figure
from dashboard.view import View


def image_depth(view: View, index: int) -> None:
    """Show it across the page.

    Args:
        view: What the page shows.
        index: Position of the image in its split.
    """
    st.subheader(f"Image {index:,} in depth")
    prediction_ribbon(view, index)
    if view.has_model and _wants_nearest():
        nearest_digits(view, index)
    if st.toggle("Pixel grid", key="pixel-grid"):
        st.plotly_chart(
            pixel_values_figure(view.split.images[index]),
            key="pixel-values",
            config={"displayModeBar": False},
        )


def _wants_nearest() -> bool:
    """A switch that stays as it is from image to image: searching takes the server's time."""
    return st.toggle(
        "Nearest digits that it learned from",
        **mirror(
            "nearest-digits",
            state.selection().nearest == "shown",
            lambda wants: state.choose(nearest="shown" if wants else "hidden"),
        ),
    )
