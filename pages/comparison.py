"""What changed from one checkpoint to another, and is it more than chance?"""

import streamlit as st

from dashboard.components.comparison.comparing import (
    change_badge,
    change_counts,
    change_table,
    comparing_choice,
    found_images,
    nothing_to_compare,
    predictions_table,
    side_table,
    view_of_side,
)
from dashboard.components.shared.difference import difference
from dashboard.components.shared.empty import no_runs
from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.prediction_ribbon import prediction_ribbon
from dashboard.drawing import words
from dashboard.loading.views import load_view
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.datasets import class_names


@st.fragment
def comparison() -> None:
    """The change as a table, and the images of what is chosen in it; a click reruns only this."""
    view = load_view(state.selection())
    st.caption(words.findings(view))
    counted = view.counted_comparison
    if counted is None:
        nothing_to_compare(view)
        return
    difference(view)
    change_counts(counted)
    comparing_choice()
    selection = state.selection()
    if selection.comparing == "matrices":
        before, after = st.columns(2, gap="medium")
        with before, st.container(key="matrix-before"):
            st.caption(f"Before: {selection.baseline} · epoch {selection.baseline_epoch}")
            side_table(view, counted, "before")
        with after, st.container(key="matrix-after"):
            st.caption(f"After: {view.run.name} · epoch {view.epoch}")
            side_table(view, counted, "after")
        found(view)
        return
    left, right = st.columns([1.2, 1], gap="medium")
    with left, st.container(key="changes"):
        show = change_table if selection.comparing == "changes" else predictions_table
        show(view, counted)
    with right:
        found(view)


def found(view: View) -> None:
    """The images of what is chosen, and the opened one."""
    assert view.comparison is not None
    pair = view.comparison
    names = class_names(view.outline, pair.n_classes)
    with st.container(key="changed-images"):
        heading, positions = found_images(view, pair)
        st.subheader(heading)
        image_list(
            view_of_side(view, pair),
            [Group("", positions)],
            key="changed-sheet",
            height=330,
            badge=lambda position: change_badge(view, pair, position),
            caption=lambda position: words.before_and_after(pair, position, names),
        )
    image = state.selection().image
    if image is not None:
        with st.container(key="image-detail"):
            image_summary(view, image, here="comparison.py")
            prediction_ribbon(view, image)


st.title("Comparison")
if state.selection().run is None:
    no_runs()
else:
    comparison()
