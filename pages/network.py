"""What does each layer see in one image?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.digit import digit
from dashboard.components.empty import no_runs
from dashboard.components.image_picker import image_picker, opened_image
from dashboard.components.image_steps import image_steps
from dashboard.components.layer_maps import filters_gallery, layer_maps


@st.fragment
def network() -> None:
    """The opened image, its feature maps and the filters; a click reruns only this."""
    selection = state.selection()
    outline = loaders.load_outline(selection.data)
    split = loaders.load_split(selection.data, selection.split)
    evaluation = loaders.find_evaluation(selection)
    run = loaders.load_run(selection.run)
    st.caption(words.findings(run, selection.epoch, outline.title, split, evaluation))
    index = opened_image(evaluation)
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        caption = words.image_caption(evaluation, index, outline.class_names)
        digit(split.images[index], description=caption)
        st.markdown(caption)
        image_steps(evaluation, index, here="network.py")
        filters_gallery(loaders.load_filters(selection.run, selection.epoch))
    with right, st.container(key="feature-maps"):
        layers = loaders.load_feature_maps(selection, index)
        if not layers:
            st.info(
                f"{selection.run} has no convolution or pooling layer, so it has no feature maps. "
                "On the left is what its first layer looks for."
            )
        for layer in layers:
            layer_maps(layer)
    image_picker(split, evaluation, class_names=outline.class_names)


st.title("Network")
if state.selection().run is None:
    no_runs()
else:
    network()
