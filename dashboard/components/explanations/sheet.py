"""Which images the sheet of explanations has, and the wait for it."""

import numpy as np
import streamlit as st

from dashboard.components.explanations.display import ExplanationsDisplay
from dashboard.components.explanations.drawn import drawn
from dashboard.components.explanations.explained import explained, targets
from dashboard.components.explanations.explanation_sheet import explanation_sheet
from dashboard.components.explanations.picked import picked_by_hand
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing import words
from dashboard.visit.view import View

MOST = 40

_SHEETS = {
    "hidden": "None",
    "pairs": "One right and one wrong per class",
    "cell": "The open cell",
    "set": "The set",
    "picked": "Picked by hand",
    "sketch": "The drawing",
}


def sheet(view: View, index: int, display: ExplanationsDisplay) -> None:
    """Offer sheets, and show the chosen one once all of its images are explained.

    Args:
        view: What the page shows.
        index: Position of the opened image.
        display: How the page is displayed.
    """
    with st.container(key="shap-sheet"):
        st.subheader("Several images at once")
        texts = {k: v for k, v in _SHEETS.items() if k != "set" or view.subset is not None}
        selection_choice("sheet", "Images of the sheet", texts, hide_label=True)
        if display.sheet not in texts or display.sheet == "hidden":
            return
        if display.sheet == "sketch":
            drawn(view, display)
            return
        if display.sheet == "picked":
            picked_by_hand(view, index, display)
        indices = _indices(view, display)
        if not indices:
            st.caption("No images yet.")
            return
        st.caption(_title(view, display, indices))
        attributions = explained(view, targets(view, indices, display), display)
        if attributions is not None:
            explanation_sheet(view, attributions)


def _indices(view: View, display: ExplanationsDisplay) -> list[int]:
    if display.sheet == "pairs":
        return view.counted_positions[view.counted.right_and_wrong()].tolist()
    if display.sheet == "picked":
        positions = [int(word) for word in display.picked.split(",") if word]
        return [position for position in positions if position < len(view.split)]
    return _all_of(view, display)[:MOST].tolist()


def _all_of(view: View, display: ExplanationsDisplay) -> np.ndarray:
    if display.sheet == "cell":
        return view.listed(view.answers.find(*view.shown_cell))
    return view.answers.ordered(view.counted_positions, by="confidence")


def _title(view: View, display: ExplanationsDisplay, indices: list[int]) -> str:
    said = words.images(len(indices))
    if display.sheet in ("cell", "set"):
        n = len(_all_of(view, display))
        heading = (
            words.plain(words.images_of(n, view.shown_cell, view.class_names))
            if display.sheet == "cell"
            else f"{words.images(n)} of the set"
        )
        return f"{heading}, the first {MOST} of them" if n > MOST else heading
    return said
