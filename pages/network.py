"""What does each layer see in one image, and which channels decide?"""

import streamlit as st

from dashboard.components.network.display import NetworkDisplay
from dashboard.components.network.layer_maps import filters_gallery
from dashboard.components.network.opened_layer import layer_choice, opened_layer
from dashboard.components.shared.empty import no_model
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_picker import image_picker, opened_image
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.drawing import words
from dashboard.loading.networks import load_filters
from dashboard.visit.view import View


def network(view: View, display: NetworkDisplay) -> None:
    """The opened image, the layers, and what the chosen one answers."""
    st.caption(words.findings(view))
    if not view.has_model:
        no_model(view.run, view.epoch, "feature maps and filters")
        return
    image_picker(view)
    index = opened_image(view)
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        image_summary(view, index, here="network")
        filters_gallery(load_filters(view))
    with right:
        stage = layer_choice(view, display)
        with st.container(key="feature-maps"):
            opened_layer(view, display, index, stage)
    every_run_on_demand(view, index)


page_about_a_run("Network", network)
