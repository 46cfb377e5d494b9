"""Which digits does the classifier mistake for which?"""

import streamlit as st

from dashboard.components.confusion.cell_dossier import cell_dossier
from dashboard.components.confusion.cell_images import cell_images
from dashboard.components.confusion.export import export
from dashboard.components.confusion.image_depth import image_depth
from dashboard.components.confusion.image_detail import image_detail
from dashboard.components.shared.cell_grid import cell_grid
from dashboard.components.shared.difference import difference
from dashboard.components.shared.empty import no_runs
from dashboard.components.shared.matrix_controls import matrix_controls
from dashboard.drawing import words
from dashboard.drawing.grids.confusion import confusion_grid
from dashboard.loading.views import load_view
from dashboard.visit import repair, state


@st.fragment
def confusion() -> None:
    """Matrix, images of the chosen cell, and the opened image; a click reruns only this."""
    selection = state.selection()
    view = load_view(selection)
    head = st.container()
    cell = repair.shown_cell(view, selection)
    left, right = st.columns([1.2, 1], gap="medium")
    # What a click asks for is made first, because it reaches the browser first.
    with right, st.container(key="cell-images"):
        among = cell_images(view, cell)
    with head:
        st.caption(words.findings(view))
        difference(view)
    with left, st.container(key="confusion-matrix"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            display = matrix_controls()
            export(view)
        grid = confusion_grid(
            view.counted,
            class_names=view.class_names,
            display=display,
            images=view.counted_images,
        )
        cell_grid(
            grid,
            chosen=(*cell, ""),
            on_choose=lambda true, predicted, _: state.choose(
                true=true, predicted=predicted, image=None
            ),
            key="cell-grid",
        )
    with right, st.container(key="image-detail"):
        if selection.image is not None:
            image_detail(view, selection.image, among=among)
    with right if selection.image is None else left, st.container(key="cell-dossier"):
        cell_dossier(view, cell)
    if selection.image is not None:
        with st.container(key="image-depth"):
            image_depth(view, selection.image)


st.title("Confusion")
if state.selection().run is None:
    no_runs()
else:
    confusion()
