"""Which pixels made the classifier decide as it did?"""

import streamlit as st

from dashboard.components.explanations.average import average
from dashboard.components.explanations.contrast import contrast
from dashboard.components.explanations.display import ExplanationsDisplay
from dashboard.components.explanations.explained import (
    contrast_classes,
    contrast_target,
    explained,
    is_mistake,
    shows_maps,
    targets,
    unfit_in_words,
)
from dashboard.components.explanations.explanation import explanation
from dashboard.components.explanations.method import method_choice
from dashboard.components.explanations.sheet import sheet
from dashboard.components.explanations.trust import trust
from dashboard.components.shared.empty import no_model
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_picker import image_picker, opened_image
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.components.shared.turning import turning
from dashboard.drawing import words
from dashboard.loading.images import background_in_words
from dashboard.visit.view import View


def explanations(view: View, display: ExplanationsDisplay) -> None:
    """The opened image and the sheet, in one part: a choice of the method changes both."""
    st.caption(words.findings(view))
    if not view.has_model:
        no_model(view.run, view.epoch, "explanations")
        return
    index = opened_image(view)
    background = background_in_words(view.outline.name, display.background, display.seed)
    method_choice(view, display, background)
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        image_summary(view, index, here="explanations")
    with right, unfit_in_words():
        opened(view, index, display)
    image_picker(view)
    every_run_on_demand(view, index)
    with unfit_in_words():
        sheet(view, index, display)


def opened(view: View, index: int, display: ExplanationsDisplay) -> None:
    """Of a mistake first why it is the predicted and not the true class, then the maps.

    Then how far they can be trusted, and what would have to change for another answer.
    """
    waits = False
    if is_mistake(view, index):
        found = explained(view, {index: contrast_target(view, index)}, display)
        waits = found is None
        if found is not None:
            contrast(view, index, found[index])
    if shows_maps(view, index, display):
        with st.container(key="shap-maps"):
            attributions = explained(view, targets(view, [index], display), display)
            waits = waits or attributions is None
            if attributions is not None:
                explanation(view, index, attributions[index])
    if not waits:  # for what the checks would wait for, too
        trust(view, index, display)
    turning(view, view.split.images[index], display, first=contrast_classes(view, index)[1])
    average(view, index, display)


page_about_a_run("Explanations", explanations)
