"""What does each layer see in one image, and which channels decide?"""

import streamlit as st

from dashboard.components.network.channels import what_is_off, which_matter
from dashboard.components.network.display import NetworkDisplay
from dashboard.components.network.filters_gallery import filters_gallery
from dashboard.components.network.opened_layer import layer_choice, opened_layer, opened_pixel
from dashboard.components.shared.empty import no_model
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_picker import image_picker, opened_image
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.drawing import words
from dashboard.loading.networks import load_filters
from dashboard.visit.view import View
from mnist_core.inference.layer_stages import Stage


def network(view: View, display: NetworkDisplay) -> None:
    """The opened image, the layers, what the chosen one answers, and what its channels do."""
    st.caption(words.findings(view))
    if not view.has_model:
        no_model(view.run, view.epoch, "feature maps and filters")
        return
    image_picker(view, height=110)
    index = opened_image(view)
    left, right = st.columns([1, 3], gap="medium")
    with left, st.container(gap="xsmall"):
        image_summary(view, index, here="network")
        filters_gallery(load_filters(view))
    with right:
        stage = layer_choice(view, display)
        with st.container(key="feature-maps", gap="xsmall"):
            opened_layer(view, display, index, stage)
    channels(view, display, index, stage)
    what_is_off(view, display)
    every_run_on_demand(view, index)


def channels(view: View, display: NetworkDisplay, index: int, stage: Stage) -> None:
    """Which channels matter for the open cell, and where the chosen pixel comes from."""
    left, right = st.columns([1, 1.9], gap="medium")
    with left, st.container(key="channels", gap="xsmall"):
        which_matter(view, display, index, stage)
    with right, st.container(key="pixel-sum", gap="xsmall"):
        opened_pixel(view, display, index, stage)


page_about_a_run("Network", network)
