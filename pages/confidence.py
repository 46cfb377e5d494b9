"""Is the model as sure as it is right, and which answers would better be refused?"""

import streamlit as st

from dashboard.components.confidence.before_and_after import before_and_after
from dashboard.components.confidence.display import ConfidenceDisplay
from dashboard.components.confidence.fitting import fitted, is_fitted_on, what_was_fitted
from dashboard.components.confidence.outcomes import outcomes
from dashboard.components.confidence.reliability import reliability
from dashboard.components.confidence.threshold import (
    areas,
    risk_chart,
    threshold_controls,
    threshold_in_effect,
)
from dashboard.components.shared.close_image import close_image
from dashboard.components.shared.difference import difference
from dashboard.components.shared.empty import no_probabilities
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.answers.risk_coverage import risk_coverage


def confidence(view: View, display: ConfidenceDisplay) -> None:
    """Reliability beside risk against coverage, and the images that a threshold parts."""
    st.caption(words.findings(view))
    if view.answers.output == "scores":
        no_probabilities(view.run, "how far its confidence can be trusted")
        return
    difference(view)
    found = fitted(view)
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="reliability"):
        st.subheader("Reliability")
        reliability(view, found.tempered, found.temperature, display)
        what_was_fitted(view, found)
        if found.tempered is not None:
            before_and_after(view, found.tempered)
    threshold, curve = threshold_in_effect(found.validation, display), risk_coverage(view.counted)
    with right, st.container(key="risk"):
        st.subheader("Risk against coverage")
        threshold_controls(view, threshold, found.validation, float(display.target) / 100)
        is_judge = view.is_tested and not is_fitted_on(view)
        st.markdown(words.refusals(curve, threshold.value, view.split.name, is_tested=is_judge))
        risk_chart(view, curve, threshold, display)
        st.caption(areas(view, curve))
    images_of_threshold(view, threshold.value, display)


def images_of_threshold(view: View, threshold: float, display: ConfidenceDisplay) -> None:
    """The images on either side, and the opened one beside them."""
    if view.image is None:
        with st.container(key="outcomes"):
            outcomes(view, threshold, display)
        return
    left, right = st.columns([1.6, 1], gap="medium")
    with left, st.container(key="outcomes"):
        outcomes(view, threshold, display)
    with right, st.container(key="image-detail"):
        image_summary(view, view.image, here="confidence")
        close_image()
        every_run_on_demand(view, view.image)


page_about_a_run("Confidence", confidence)
