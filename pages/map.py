"""What does the model's last layer see as alike?"""

import streamlit as st

from dashboard.components.map.display import MapDisplay
from dashboard.components.map.map_controls import map_controls
from dashboard.components.map.map_digits import map_digits
from dashboard.components.map.map_sheet import map_sheet
from dashboard.components.map.model_map import model_map
from dashboard.components.shared.close_image import close_image
from dashboard.components.shared.difference import difference
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.drawing import words
from dashboard.visit.view import View


def map_of_images(view: View, display: MapDisplay) -> None:
    """The map, beside it the baseline's or the images of the set, and the opened image."""
    head = st.container()
    beside = view.baseline is not None
    left, right = st.columns([1, 1] if beside else [1.5, 1], gap="medium")
    lower_left, lower_right = st.columns([1.5, 1], gap="medium") if beside else (right, right)
    # What a click asks for is made first, because it reaches the browser first.
    with lower_left, st.container(key="map-images"):
        map_sheet(view, display)
    with lower_right, st.container(key="image-detail"):
        if view.image is not None:
            image_summary(view, view.image, here="map")
            close_image()
            every_run_on_demand(view, view.image)
    with head:
        st.caption(words.findings(view))
        difference(view)
        map_controls(view)
    with left, st.container(key="map"):
        if beside:
            st.markdown(f"**{words.plain(view.run.name)}** · epoch {view.epoch}")
        model_map(view, display, key="map-canvas")
    if view.baseline is not None:
        with right, st.container(key="map-before"):
            st.markdown(f"Compared with **{words.plain(str(view.baseline))}**")
            model_map(view.of(view.baseline), display, key="map-canvas-before")
    map_digits(view.split)


page_about_a_run("Map", map_of_images)
