"""Which method explains, what of the answer, and what it compares the image with."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.explanations.display import (
    BY_ITSELF,
    MOST_SEED,
    ExplanationsDisplay,
)
from dashboard.components.shared.selection_widgets import (
    selection_choice,
    selection_list,
    selection_number,
)
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.explainers import EXPLAINERS

_OF = {"probability": "Probability", "logit": "Logit", "difference": "Difference"}
_OF_SCORES = {"probability": "Score", "difference": "Difference"}


def method_choice(view: View, display: ExplanationsDisplay, background: str) -> None:
    """Offer the methods, what they explain and against what, and say what the chosen one assumes.

    Args:
        view: What the page shows.
        display: How the page is displayed.
        background: The background images, in words.
    """
    explainer = EXPLAINERS[display.method]
    with st.container(horizontal=True, vertical_alignment="bottom", key="explanation-choices"):
        if len(EXPLAINERS) > 1:
            titles = {name: one.title for name, one in EXPLAINERS.items()}
            selection_list("method", "Method", titles)
        offered = _OF_SCORES if view.answers.output == "scores" else _OF
        selection_choice("of", "Explained", offered)
        if display.of == "difference":
            _classes(view.class_names)
        if explainer.uses_background:
            with st.popover("Background", icon=":material/tune:"):
                _background(display)
    compared = explainer.comparison.format(background=background)
    st.caption(f"{explainer.title} · {compared} {explainer.promise}")


def _classes(names: Sequence[str]) -> None:
    of_image = {"first": "the predicted", "second": "the true, or runner-up"}
    for name, label in (("first", "For"), ("second", "Against")):
        texts = {BY_ITSELF: of_image[name], **dict(enumerate(names))}
        selection_list(name, label, texts)


def _background(display: ExplanationsDisplay) -> None:
    selection_number("background", "Number of images", step=50)
    selection_number("seed", "Seed")
    st.button(
        "Resample",
        icon=":material/casino:",
        key="resample",
        help="Choose other images: the next seed.",
        on_click=lambda: state.choose(seed=(display.seed + 1) % (MOST_SEED + 1)),
    )
