"""What is in the data set, and how are its classes spread?"""

import streamlit as st

from dashboard.components.dataset.add_data import add_data
from dashboard.components.dataset.added_data import added_data
from dashboard.components.dataset.class_browser import class_browser
from dashboard.components.dataset.class_samples import class_means, class_samples
from dashboard.components.dataset.display import DatasetDisplay
from dashboard.components.dataset.drift_from import drift_from
from dashboard.components.dataset.label_distribution import label_distribution
from dashboard.components.dataset.plain_image import plain_image
from dashboard.components.dataset.twin_pairs import twin_pairs
from dashboard.components.dataset.values_table import values_table
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.loading.drift import Place
from dashboard.loading.images import load_contents, load_likenesses
from dashboard.visit import state
from dashboard.visit.load_view import load_view

PARTS = {
    "images": "All images of a class",
    "values": "Shapes and values",
    "twins": "Twins",
    "drift": "Drift",
    "own": "Add and remove",
}


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
    display = visit.display
    assert isinstance(display, DatasetDisplay)
    selection_choice("below", "Show", PARTS, hide_label=True)
    if display.below == "images":
        class_browser(split, visit.selection)
    elif display.below == "values":
        values_table(contents)
    elif display.below == "twins":
        twin_pairs(outline)
    elif display.below == "drift":
        drift_from(Place(outline.name, split.name), display.against)
    else:
        add_data()
        added_data(outline.name)
    if image is not None:
        view = load_view(visit, visit.shown) if visit.shown else None
        plain_image(split, view, image)


st.title("Data set")
dataset()
