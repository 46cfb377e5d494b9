"""The ways on from an opened image: one step to each page that has more to say of it."""

from dataclasses import replace

import streamlit as st

from dashboard.navigation import PAGES
from dashboard.visit import state
from mnist_core.answers.evaluation import Answers

_STEPS = {
    "confusion.py": ("Detail", ":material/grid_on:"),
    "explanations.py": ("Explanation", ":material/lightbulb:"),
    "network.py": ("Feature maps", ":material/layers:"),
    "sketch.py": ("Sketch", ":material/draw:"),
}


def image_steps(answers: Answers | None, index: int, *, here: str) -> None:
    """Links to the pages about one image, without the one it stands on.

    Args:
        answers: To the split it lies in, so that its cell can be opened; `None` without a run.
        index: Position of the image in its split.
        here: File name of the page it stands on.
    """
    cell = answers.cell_of(index) if answers else None
    there = replace(state.selection(), image=index)
    if cell:
        there = replace(there, true=cell[0], predicted=cell[1])
    with st.container(horizontal=True, gap="xsmall"):
        for file, (label, icon) in _STEPS.items():
            if file != here:
                st.page_link(PAGES / file, label=label, icon=icon, query_params=there.query())
