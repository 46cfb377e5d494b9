"""The images on either side of a threshold: what stays wrong, and what is refused."""

from typing import cast, get_args

import numpy as np
import streamlit as st

from dashboard.components.confidence.display import ConfidenceDisplay, Outcome
from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.answers.risk_coverage import is_answered

_TITLES = {
    "remaining": "Mistakes that remain",
    "caught": "Mistakes refused",
    "lost": "Right but refused",
}


def outcomes(view: View, threshold: float, display: ConfidenceDisplay) -> None:
    """Choose one of the three lists, and show its images.

    Args:
        view: What the page shows.
        threshold: Lowest confidence of an answer that is given, 0–1.
        display: Which list, in which order and size.
    """
    found = {name: _find(view, threshold, cast(Outcome, name)) for name in get_args(Outcome)}
    texts = {name: f"{_TITLES[name]} · {len(places):,}" for name, places in found.items()}
    selection_choice("outcome", "Images", texts, hide_label=True)
    positions = found[display.outcome]
    if not len(positions):
        st.caption(f"None{words.only_cause(view)}.")
    image_list(view, [Group("", positions)], display, key="outcome-sheet", height=330)


def _find(view: View, threshold: float, outcome: Outcome) -> np.ndarray:
    """Positions in the split of the images of a list that count. `int64`."""
    answers = view.answers
    given, wrong = is_answered(answers, threshold), answers.y_pred != answers.y_true
    meant = {"remaining": given & wrong, "caught": ~given & wrong, "lost": ~given & ~wrong}
    return view.listed(np.flatnonzero(meant[outcome]))
