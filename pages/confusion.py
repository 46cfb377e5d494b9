"""Which digits does the classifier mistake for which?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.cell_grid import cell_grid
from dashboard.components.cell_images import cell_images
from dashboard.components.display_choice import display_choice
from dashboard.components.empty import no_runs
from dashboard.components.image_detail import image_detail


@st.fragment
def confusion() -> None:
    """Matrix, images of the chosen cell, and the opened image; a click reruns only this."""
    selection = state.selection()
    dataset = loaders.load_outline(selection.data)
    split = loaders.load_split(selection.data, selection.split)
    evaluation = loaders.load_evaluation(
        selection.run, selection.epoch, selection.data, selection.split
    )
    run = loaders.load_run(selection.run)
    st.caption(words.findings(run, selection.epoch, dataset.title, split, evaluation))
    cell = selection.cell
    if cell is None and selection.image is not None:
        cell = evaluation.cell_of(selection.image)
    left, right = st.columns([1.15, 1], gap="medium")
    with left, st.container(key="confusion-matrix"):
        display_choice()
        cell_grid(
            evaluation,
            class_names=dataset.class_names,
            display=selection.cells,
            chosen=cell,
            on_choose=lambda true, predicted: state.choose(
                true=true, predicted=predicted, image=None
            ),
        )
    with right:
        with st.container(key="cell-images"):
            among = cell_images(split, evaluation, cell, class_names=dataset.class_names)
        with st.container(key="image-detail"):
            if selection.image is not None:
                image_detail(
                    split,
                    evaluation,
                    selection.image,
                    class_names=dataset.class_names,
                    among=among,
                )


st.title("Confusion")
if state.selection().run is None:
    no_runs()
else:
    confusion()
