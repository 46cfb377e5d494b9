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
from dashboard.components.comparison.display import ComparisonDisplay
from dashboard.components.shared.close_image import close_image
from dashboard.components.shared.difference import difference
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.matrix_controls import cell_controls
from dashboard.components.shared.page import page_about_a_run
from dashboard.components.shared.prediction_ribbon import prediction_ribbon
from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.answers.comparison import Comparison
from mnist_core.datasets import class_names


def comparison(view: View, display: ComparisonDisplay) -> None:
    """The change as a table, and the images of what is chosen in it."""
    st.caption(words.findings(view))
    counted = view.counted_comparison
    if counted is None:
        nothing_to_compare(view)
        return
    difference(view)
    change_counts(view, counted, display)
    comparing_choice()
    if display.comparing == "matrices":
        side_by_side(view, counted, display)
        found(view, display)
        return
    left, right = st.columns([1.2, 1], gap="medium")
    with left, st.container(key="changes"):
        show = change_table if display.comparing == "changes" else predictions_table
        show(view, counted, display)
    with right:
        found(view, display)


def side_by_side(view: View, counted: Comparison, display: ComparisonDisplay) -> None:
    """The two matrices."""
    cell_controls()
    before, after = st.columns(2, gap="medium")
    with before, st.container(key="matrix-before"):
        st.caption(f"Before: {view.baseline}")
        side_table(view, counted, display, "before")
    with after, st.container(key="matrix-after"):
        st.caption(f"After: {view.run.name} · epoch {view.epoch}")
        side_table(view, counted, display, "after")


def found(view: View, display: ComparisonDisplay) -> None:
    """The images of what is chosen, and the opened one."""
    pair = view.comparison
    assert pair is not None  # there is something to compare with
    names = class_names(view.outline, pair.n_classes)
    with st.container(key="changed-images"):
        heading, positions = found_images(view, pair, display)
        st.subheader(heading)
        image_list(
            view_of_side(view, display),
            [Group("", positions)],
            display,
            key="changed-sheet",
            height=330,
            badge=lambda position: change_badge(view, pair, position),
            caption=lambda position: words.before_and_after(pair, position, names),
        )
    if view.image is not None:
        with st.container(key="image-detail"):
            image_summary(view, view.image, here="comparison")
            close_image()
            every_run_on_demand(view, view.image)
            prediction_ribbon(view, view.image)


page_about_a_run("Comparison", comparison)
