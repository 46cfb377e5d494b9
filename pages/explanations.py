"""Which pixels made the classifier decide as it did?"""

import streamlit as st

from dashboard.components.explanations.display import ExplanationsDisplay
from dashboard.components.explanations.explanation import explanation
from dashboard.components.explanations.explanation_sheet import explanation_sheet
from dashboard.components.explanations.method import method_choice
from dashboard.components.shared.empty import no_model
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_picker import image_picker, opened_image
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.page import page_about_a_run
from dashboard.components.shared.selection_widgets import selection_toggle
from dashboard.drawing import words
from dashboard.loading.images import background_in_words
from dashboard.loading.long_work import explaining_job
from dashboard.visit.view import View
from mnist_core.explainers import EXPLAINERS


def explanations(view: View, display: ExplanationsDisplay) -> None:
    """The opened image and the sheet, in one part: a choice of the method changes both."""
    st.caption(words.findings(view))
    if not view.has_model:
        no_model(view.run, view.epoch, "explanations")
        return
    opened(view, display)
    sheet(view, display)


def opened(view: View, display: ExplanationsDisplay) -> None:
    """The opened image with one map per class."""
    index = opened_image(view)
    method_choice(EXPLAINERS[display.method], background_in_words(view.outline.name))
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        image_summary(view, index, here="explanations")
    with right, st.container(key="shap-maps"):
        attributions = long_work(*explaining_job(view, [index], display.method))
        if attributions is not None:
            explanation(view, index, attributions[index])
    image_picker(view)
    every_run_on_demand(view, index)


def sheet(view: View, display: ExplanationsDisplay) -> None:
    """One right and one wrong image per class, explained on request."""
    with st.container(key="shap-sheet"):
        st.subheader("One right and one wrong image per class")
        indices = view.counted_positions[view.counted.right_and_wrong()].tolist()
        if not selection_toggle("sheet", f"Explain these {words.images(len(indices))}"):
            return
        attributions = long_work(*explaining_job(view, indices, display.method))
        if attributions is not None:
            explanation_sheet(view, attributions)


page_about_a_run("Explanations", explanations)
