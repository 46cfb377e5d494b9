"""The opened image, and what every run says of it."""

import streamlit as st

from dashboard.components.shared.close_image import close_image
from dashboard.components.shared.digit import digit
from dashboard.components.shared.every_run import every_run
from dashboard.components.shared.image_steps import image_steps
from dashboard.components.shared.runs_at_once import RunsAtOnce
from dashboard.visit.view import View


def opened_image(view: View, found: RunsAtOnce, index: int) -> None:
    """Show it.

    Args:
        view: What the page shows.
        found: The answers of the runs.
        index: Position of the image in its split.
    """
    true = found.class_names(view)[view.split.labels[index]]
    picture, ways = st.columns([1, 2.2], gap="small", vertical_alignment="center")
    with picture:
        digit(view.split.images[index], description=f"Image {index}: true {true}", pixels=112)
    with ways:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"**Image {index}** · true **{true}**")
            close_image()
        image_steps(view, index, here="runs")
    every_run(view, found, index)
