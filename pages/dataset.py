"""What is in the data set, and how are its classes spread?"""

import streamlit as st

from dashboard.components.dataset.class_browser import class_browser
from dashboard.components.dataset.class_samples import class_means, class_samples
from dashboard.components.dataset.label_distribution import label_distribution
from dashboard.components.dataset.plain_image import plain_image
from dashboard.components.dataset.values_table import values_table
from dashboard.loading.images import load_contents, load_likenesses
from dashboard.visit import state
from dashboard.visit.load_view import load_view


@st.fragment
def dataset() -> None:
    """Distribution and samples side by side, then every image; a click reruns only this."""
    visit = state.current()
    outline, split, image = visit.outline, visit.split, visit.selection.image
    contents = load_contents(outline.name)
    st.caption(f"{outline.title} {split.name}, {len(split):,} images · from {outline.source}")
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        with st.container(key="label-distribution"):
            likenesses = load_likenesses(outline.name)
            label_distribution(contents.counts, likenesses, class_names=outline.class_names)
        st.caption(f"Mean image of each class in {split.name}")
        class_means(split)
    with right, st.container(key="class-samples"):
        class_samples(split, opened=image)
    everything, figures = st.tabs(["All images of a class", "Shapes and values"])
    with everything:
        class_browser(split, visit.selection)
    with figures:
        values_table(contents)
    if image is not None:
        view = load_view(visit, visit.shown) if visit.shown else None
        plain_image(split, view, image)


st.title("Data set")
dataset()
