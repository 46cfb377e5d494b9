"""What would have to change for another answer: a few pixels, found by trying."""

from typing import Literal

import numpy as np
import streamlit as st

from dashboard.components.shared.image_display import BY_ITSELF
from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.selection_widgets import selection_list
from dashboard.components.shared.signed_maps import large_map, signed_map
from dashboard.drawing import words
from dashboard.loading.long_work import turning_job
from dashboard.visit.display import Display
from dashboard.visit.view import View

_SIZE = 220
_HOW = (
    "Each pixel may become paper or ink. Round by round the change that brings the class furthest "
    "is kept, of the 64 that the model’s slopes promise most of; then pixels are put back as long "
    "as one can be left out."
)


def turning(
    view: View,
    image: np.ndarray,
    display: Display,
    *,
    first: int,
    name: Literal["turned", "redrawn"] = "turned",
) -> None:
    """Offer the classes, and show with which few pixels the image is read as the chosen one.

    Args:
        view: What the page shows.
        image: The image. `uint8`, shape `(28, 28)`.
        display: How the page is displayed, with that choice.
        first: The class that is offered first, such as the true one.
        name: Which of the display's choices it is.
    """
    names = view.class_names
    order = [first, *(label for label in range(len(names)) if label != first)]
    asked_for = getattr(display, name)
    with st.container(key=f"turning-{name}"):
        texts = {BY_ITSELF: "nothing", **{label: names[label] for label in order}}
        selection_list(name, "Change it to be read as", texts)
        if asked_for not in range(len(names)):
            return
        searched = long_work(*turning_job(view, image, asked_for))
        if searched is None:
            return
        (found,), asked = searched, words.plain(names[asked_for])
        if found is None or not len(found.pixels):
            st.info(words.turned(found, ("", asked), view.answers.output))
            return
        was = words.plain(names[int(found.before.argmax())])
        left, right = st.columns([1, 1.6], gap="medium", vertical_alignment="center")
        with left:
            change = np.sign(found.image.astype(np.float32) - image)
            label = f"{len(found.pixels)} changed pixels: red becomes ink, blue becomes paper"
            drawn = signed_map(change, limit=1, label=label, under=image)
            large_map(drawn, f"changed to be {names[asked_for]}", size=_SIZE)
        with right:
            st.markdown(words.turned(found, (was, asked), view.answers.output), help=_HOW)
            st.caption("Red pixels become ink, blue ones become paper.")
