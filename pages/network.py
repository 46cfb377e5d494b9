"""What does each layer see in one image?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.empty import no_model, no_runs
from dashboard.components.image_picker import image_picker, opened_image
from dashboard.components.image_summary import image_summary
from dashboard.components.layer_maps import filters_gallery, layer_maps


@st.fragment
def network() -> None:
    """The opened image, its feature maps and the filters; a click reruns only this."""
    view = loaders.load_view(state.selection())
    st.caption(words.findings(view))
    if not view.has_model:
        no_model(view.run, view.epoch, "feature maps and filters")
        return
    index = opened_image(view)
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        image_summary(view, index, here="network.py")
        filters_gallery(loaders.load_filters(view))
    with right, st.container(key="feature-maps"):
        layers = loaders.load_feature_maps(view, index)
        if not layers:
            st.info(
                f"{view.run.name} has no convolution or pooling layer, so it has no feature maps. "
                "The filters of its first layer are on the left."
            )
        for layer in layers:
            layer_maps(layer)
    image_picker(view)


st.title("Network")
if state.selection().run is None:
    no_runs()
else:
    network()
