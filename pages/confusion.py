"""Which digits does the classifier mistake for which?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.cell_grid import cell_grid
from dashboard.components.cell_images import cell_images
from dashboard.components.difference import difference
from dashboard.components.empty import no_runs
from dashboard.components.image_detail import image_detail
from dashboard.components.selection_choice import selection_choice

CELLS = {"counts": "Counts", "share": "% of true class", "mistakes": "Mistakes alone"}


@st.fragment
def confusion() -> None:
    """Matrix, images of the chosen cell, and the opened image; a click reruns only this."""
    selection = state.selection()
    view = loaders.load_view(selection)
    st.caption(words.findings(view))
    difference(view)
    cell = selection.cell
    if cell is None and selection.image is not None:
        cell = view.answers.cell_of(selection.image)
    left, right = st.columns([1.15, 1], gap="medium")
    with left, st.container(key="confusion-matrix"):
        selection_choice("cells", "Cells show", CELLS, hide_label=True)
        cell_grid(
            view.answers,
            class_names=view.class_names,
            display=selection.cells,
            chosen=cell,
            on_choose=lambda true, predicted: state.choose(
                true=true, predicted=predicted, image=None
            ),
        )
    with right:
        with st.container(key="cell-images"):
            among = cell_images(view, cell)
        with st.container(key="image-detail"):
            if selection.image is not None:
                image_detail(view, selection.image, among=among)


st.title("Confusion")
if state.selection().run is None:
    no_runs()
else:
    confusion()
