"""Which runs lead, and which images does one alone, do two, or do all of them read wrong?"""

import streamlit as st

from dashboard.components.runs.display import RunsDisplay
from dashboard.components.runs.erring_images import (
    all_wrong,
    chosen_errors,
    erring_images,
    errors_table,
)
from dashboard.components.runs.mean_of_runs import mean_of_runs
from dashboard.components.runs.opened_image import opened_image
from dashboard.components.runs.run_accuracies import run_accuracies
from dashboard.components.runs.run_choice import left_out, run_choice
from dashboard.components.shared.page import page_about_a_run
from dashboard.components.shared.runs_at_once import runs_at_once
from dashboard.components.shared.selection_widgets import selection_choice, selection_toggle
from dashboard.drawing import words
from dashboard.visit.view import View

_TABLES = {"accuracy": "Accuracy", "shared": "Shared errors"}


def runs(view: View, display: RunsDisplay) -> None:
    """The runs as a table of one of two kinds, and the images of what is chosen in it."""
    found = runs_at_once(view)
    if found is None:
        return
    st.caption(words.at_once(view, found.counted))
    st.markdown(words.leading(found.counted, found.names, is_tested=found.is_tested))
    left_out(view, found.against, len(found.shown))
    errors = chosen_errors(view, found)
    left, right = st.columns([1.55, 1], gap="medium")
    with right, st.container(key="erring-images"):
        erring_images(view, found, errors, display)
    with left, st.container(key="runs-at-once"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            selection_choice("table", "Show", _TABLES, hide_label=True)
            run_choice(view)
            all_wrong(found, errors)
        if display.table == "accuracy":
            run_accuracies(view, found)
        else:
            errors_table(found, errors)
        if selection_toggle("mean", "Mean of the probabilities"):
            mean_of_runs(view, found)
    if view.image is not None:
        with right, st.container(key="image-detail"):
            opened_image(view, found, view.image)


page_about_a_run("Runs", runs)
