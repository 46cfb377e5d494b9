"""What the run and epoch chosen to compare with answered to one image."""

import streamlit as st

from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.datasets import class_names


def baseline_answer(view: View, index: int) -> None:
    """Say it in a line, where something is chosen to compare with.

    Args:
        view: What the page shows.
        index: Position of the image in its split.
    """
    if view.baseline is None:
        return
    before = view.baseline.answers
    names = class_names(view.outline, before.n_classes)
    answered = words.answered(before, index, names)
    st.markdown(words.plain(f"Before ({view.baseline}): {answered}"))
