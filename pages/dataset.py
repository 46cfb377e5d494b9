"""What is in the data set, and how are its classes spread?"""

import streamlit as st

from dashboard.components.dataset.class_browser import class_browser
from dashboard.components.dataset.class_samples import class_means, class_samples
from dashboard.components.dataset.label_distribution import label_distribution
from dashboard.components.dataset.plain_image import plain_image
from dashboard.components.dataset.values_table import values_table
from dashboard.loading.images import load_chosen_split, load_contents, load_likenesses, load_outline
from dashboard.loading.views import find_view
from dashboard.visit import state


@st.fragment
def dataset() -> None:
    """Distribution and samples side by side, then every image; a click reruns only this."""
    selection = state.selection()
    data, split = str(selection.data), load_chosen_split(selection)
    outline, contents = load_outline(data), load_contents(data)
    names = outline.class_names
    st.caption(f"{outline.title} {split.name}, {len(split):,} images · from {outline.source}")
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        with st.container(key="label-distribution"):
            likenesses = load_likenesses(data)
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
        plain_image(split, find_view(selection), selection.image, class_names=names)


st.title("Data set")
dataset()
