"""The opened image beside what a page says of it."""

import streamlit as st

from dashboard.components.shared.baseline_answer import baseline_answer
from dashboard.components.shared.digit import digit
from dashboard.components.shared.image_steps import image_steps
from dashboard.drawing import words
from dashboard.visit.view import View


def image_summary(view: View, index: int, *, here: str) -> None:
    """Show one image with its truth and prediction, and the ways on from it.

    Args:
        view: What is on show.
        index: Position of the image in its split.
        here: Name of the page it stands on.
    """
    caption = words.image_caption(view.answers, index, view.class_names)
    digit(view.split.images[index], description=caption)
    st.markdown(caption)
    baseline_answer(view, index)
    image_steps(view, index, here=here)
