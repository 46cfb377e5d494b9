"""A strip of images to go on with: those of the chosen cell, or those with the highest loss."""

import numpy as np
import streamlit as st

from dashboard.components.shared.contact_sheet import contact_sheet
from dashboard.drawing import words
from dashboard.visit import state
from dashboard.visit.view import View

MOST = 40


def opened_image(view: View) -> int:
    """The image that is open; where none is, the first of the strip."""
    return int(_strip(view)[1][0]) if view.image is None else view.image


def image_picker(view: View, *, height: int = 160) -> None:
    """Show the strip; choosing an image opens it.

    Args:
        view: What the page shows.
        height: Of the strip, in pixels, at most; it scrolls beyond.
    """
    answers, names = view.answers, view.class_names
    title, indices = _strip(view)
    st.caption(title)
    contact_sheet(
        view.split.images[indices],
        indices=indices,
        captions=[words.image_caption(answers, index, names) for index in indices],
        badges=["→".join(names[c] for c in answers.cell_of(i)) for i in indices],
        chosen=opened_image(view),
        on_choose=lambda index: state.choose(image=index),
        key="picker-sheet",
        height=height,
    )


def _strip(view: View) -> tuple[str, np.ndarray]:
    """What is shown, and its positions: never empty."""
    cell = view.chosen_cell
    found = view.listed(view.answers.find(*cell))
    if cell != (None, None) and len(found):
        heading = words.plain(words.images_of(len(found), cell, view.class_names))
        first = f", the first {MOST} of them" if len(found) > MOST else ""
        return f"{heading}{words.only_cause(view)}, the most confident first{first}", found[:MOST]
    by_loss = view.answers.top_losses(len(view.split))
    found = view.listed(by_loss)[:MOST]
    if not len(found):
        return f"The {MOST} images with the highest loss on this split", by_loss[:MOST]
    heading = f"The {words.images(len(found))} with the highest loss on this split"
    return f"{heading}{words.only_cause(view)}", found
