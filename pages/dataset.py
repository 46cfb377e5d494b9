"""What is in the data set, and how are its classes spread?"""

import streamlit as st

from dashboard import loaders, state
from dashboard.components.class_browser import class_browser
from dashboard.components.class_samples import class_means, class_samples
from dashboard.components.label_distribution import label_distribution
from dashboard.components.plain_image import plain_image
from dashboard.components.values_table import values_table


@st.fragment
def dataset() -> None:
    """Distribution and samples side by side, then every image; a click reruns only this."""
    selection = state.selection()
    data, split = str(selection.data), loaders.load_chosen_split(selection)
    outline, contents = loaders.load_outline(data), loaders.load_contents(data)
    names = outline.class_names
    st.caption(f"{outline.title} {split.name}, {len(split):,} images · from {outline.source}")
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        with st.container(key="label-distribution"):
            likenesses = loaders.load_likenesses(data)
            label_distribution(contents.counts, likenesses, class_names=names)
        st.caption(f"Mean image of each class in {split.name}")
        class_means(split)
    with right, st.container(key="class-samples"):
        st.caption(f"The first ten of each class in {split.name}")
        class_samples(split, class_names=names)
    everything, figures = st.tabs(["All images of a class", "Shapes and values"])
    with everything:
        class_browser(split, class_names=names)
    with figures:
        values_table(contents)
    if selection.image is not None:
        plain_image(split, loaders.find_view(selection), selection.image, class_names=names)


st.title("Data set")
dataset()
