"""The ways on from an opened image: one step to each page that has more to say of it."""

from dataclasses import replace

import streamlit as st

from dashboard.navigation import PAGES
from dashboard.visit import state
from dashboard.visit.view import View

_STEPS = {
    "confusion": ("Detail", ":material/grid_on:"),
    "explanations": ("Explanation", ":material/lightbulb:"),
    "network": ("Feature maps", ":material/layers:"),
    "sketch": ("Sketch", ":material/draw:"),
}


def image_steps(view: View, index: int, *, here: str) -> None:
    """Links to the pages about one image, without the one it stands on.

    Args:
        view: What the page shows.
        index: Position of the image in its split.
        here: Name of the page it stands on.
    """
    true, predicted = view.answers.cell_of(index)
    there = replace(view.selection, image=index, true=true, predicted=predicted)
    with st.container(horizontal=True, gap="xsmall"):
        for page, (label, icon) in _STEPS.items():
            if page != here:
                query = state.query_of(page, there)
                st.page_link(PAGES / f"{page}.py", label=label, icon=icon, query_params=query)
