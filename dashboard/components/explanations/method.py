"""Which method explains, and what it compares the image with."""

import streamlit as st

from dashboard.components.shared.selection_widgets import selection_choice
from mnist_core.explainers import EXPLAINERS, Explainer


def method_choice(explainer: Explainer, background: str) -> None:
    """Offer the methods where there is more than one, and say what the chosen one compares with.

    Args:
        explainer: The chosen method.
        background: The background images, in words.
    """
    if len(EXPLAINERS) > 1:
        titles = {name: one.title for name, one in EXPLAINERS.items()}
        selection_choice("method", "Method", titles, hide_label=True)
    st.caption(f"{explainer.title} · {explainer.comparison.format(background=background)}")
