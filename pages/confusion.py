"""Which digits does the classifier mistake for which?"""

import streamlit as st

from dashboard.components.confusion.cell_dossier import cell_dossier
from dashboard.components.confusion.cell_images import cell_images
from dashboard.components.confusion.display import ConfusionDisplay
from dashboard.components.confusion.export import export
from dashboard.components.confusion.image_depth import image_depth
from dashboard.components.confusion.image_detail import image_detail
from dashboard.components.shared.cell_grid import cell_grid
from dashboard.components.shared.difference import difference
from dashboard.components.shared.matrix_controls import matrix_controls
from dashboard.components.shared.page import page_about_a_run
from dashboard.drawing import words
from dashboard.drawing.grids.confusion import OTHER, confusion_grid
from dashboard.visit import state
from dashboard.visit.view import View


def confusion(view: View, display: ConfusionDisplay) -> None:
    """Matrix, images of the chosen cell, and the opened image."""
    head, cell, image = st.container(), view.shown_cell, view.image
    left, right = st.columns([1.2, 1], gap="medium")
    # What a click asks for is made first, because it reaches the browser first.
    with right, st.container(key="cell-images"):
        among = cell_images(view, cell, display)
    with head:
        st.caption(words.findings(view))
        difference(view)
    with left, st.container(key="confusion-matrix"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            matrix_controls(view.answers.n_classes)
            export(view, display)
        grid = confusion_grid(
            view.counted,
            class_names=view.class_names,
            display=display,
            images=view.counted_images,
        )
        cell_grid(
            grid,
            chosen=(*cell, ""),
            on_choose=choose_cell,
            key="cell-grid",
        )
    with right, st.container(key="image-detail"):
        if image is not None:
            image_detail(view, image, among=among)
    with right if image is None else left, st.container(key="cell-dossier"):
        cell_dossier(view, cell)
    if image is not None:
        with st.container(key="image-depth"):
            image_depth(view, image)


def choose_cell(true: int | None, predicted: int | None, _: str) -> None:
    """Look at the images of a cell; of grouped classes, show each of them first."""
    if OTHER in (true, predicted):
        state.choose(rare="shown")
    else:
        state.choose(true=true, predicted=predicted, image=None)


page_about_a_run("Confusion", confusion)
