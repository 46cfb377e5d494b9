"""What was drawn on the sketch page, with its maps."""

import streamlit as st

from dashboard.components.explanations.display import ExplanationsDisplay
from dashboard.components.explanations.explained import explained
from dashboard.components.explanations.explanation_sheet import drawing_sheet
from dashboard.components.shared.turning import turning
from dashboard.navigation import PAGES
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.explainers import Target


def drawn(view: View, display: ExplanationsDisplay) -> None:
    """Show the maps of all classes of what the visitor drew last, or the way to the sheet.

    Of a difference they are the maps of the logits, two of which it is made of.

    Args:
        view: What the page shows.
        display: How the page is displayed.
    """
    image = state.kept_drawing()
    if image is None:
        st.info(
            "Nothing is drawn yet. Draw a digit on the sketch page, then explain it from there."
        )
        query = state.query_of("sketch", view.selection)
        st.page_link(
            PAGES / "sketch.py", label="Sketch", icon=":material/draw:", query_params=query
        )
        return
    is_of_logits = display.of != "probability" and view.answers.output == "probabilities"
    target = Target("logit" if is_of_logits else "probability")
    attributions = explained(view, {0: target}, display, drawing=image)
    if attributions is not None:
        drawing_sheet(view, image, attributions[0])
        runner_up = int(attributions[0].output.argsort()[-2])
        turning(view, image, display, first=runner_up, name="redrawn")
