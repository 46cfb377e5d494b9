"""What does each layer see in one image?"""

import streamlit as st

from dashboard.components.network.layer_maps import filters_gallery, layer_maps
from dashboard.components.shared.empty import no_model
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_picker import image_picker, opened_image
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.drawing import words
from dashboard.loading.networks import load_feature_maps, load_filters
from dashboard.visit.display import Display
from dashboard.visit.view import View


def network(view: View, display: Display) -> None:
    """The opened image, its feature maps and the filters."""
    st.caption(words.findings(view))
    if not view.has_model:
        no_model(view.run, view.epoch, "feature maps and filters")
        return
    index = opened_image(view)
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        image_summary(view, index, here="network")
        filters_gallery(load_filters(view))
    with right:
        every_run_on_demand(view, index)
    with right, st.container(key="feature-maps"):
        layers = load_feature_maps(view, index)
        if not layers:
            st.info(
                f"{view.run.name} has no convolution or pooling layer, so it has no feature maps. "
                "The filters of its first layer are on the left."
            )
        for layer in layers:
            layer_maps(layer)
    image_picker(view)


page_about_a_run("Network", network)
