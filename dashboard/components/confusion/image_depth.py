"""More on the opened image than fits beside the matrix: its history, its like, its pixels."""

import streamlit as st

from dashboard.components.confusion.nearest_digits import nearest_digits
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.prediction_ribbon import prediction_ribbon
from dashboard.components.shared.selection_widgets import selection_toggle
from dashboard.drawing.figures.pixel_values import pixel_values_figure
from dashboard.visit.view import View


def image_depth(view: View, index: int) -> None:
    """Show it across the page.

    Args:
        view: What the page shows.
        index: Position of the image in its split.
    """
    st.subheader(f"Image {index} in depth")
    prediction_ribbon(view, index)
    every_run_on_demand(view, index)
    # Searching takes the server's time, so the switch stays as it is from image to image.
    if view.has_model and selection_toggle("nearest", "Nearest training images"):
        nearest_digits(view, index)
    if st.toggle("Pixel grid", key="pixel-grid"):
        st.plotly_chart(
            pixel_values_figure(view.split.images[index]),
            key="pixel-values",
            config={"displayModeBar": False},
        )
