"""A strip of images to go on with: those of the chosen cell, or the gravest mistakes."""

import numpy as np
import streamlit as st

from dashboard import state, words
from dashboard.components.contact_sheet import contact_sheet
from dashboard.loaders import View
from mnist_core.evaluation import Evaluation

MOST = 40


def opened_image(evaluation: Evaluation) -> int:
    """The image that is open; where none is, the first of the strip."""
    image = state.selection().image
    return int(_strip(evaluation)[1][0]) if image is None else image


def image_picker(view: View) -> None:
    """Show the strip; choosing an image opens it."""
    evaluation, names = view.evaluation, view.class_names
    title, indices = _strip(evaluation)
    st.caption(title.format(*(names[c] for c in state.selection().cell or ())))
    contact_sheet(
        view.split.images[indices],
        indices=indices,
        captions=[words.image_caption(evaluation, index, names) for index in indices],
        badges=["→".join(names[c] for c in evaluation.cell_of(i)) for i in indices],
        chosen=opened_image(evaluation),
        on_choose=lambda index: state.choose(image=index),
        key="picker-sheet",
        height=160,
    )


def _strip(evaluation: Evaluation) -> tuple[str, np.ndarray]:
    cell = state.selection().cell
    if cell is not None and len(found := evaluation.find(*cell)):
        return "Images of {} predicted as {}, the most confident first", found[:MOST]
    return "Images with the highest loss on this split", evaluation.top_losses(MOST)
