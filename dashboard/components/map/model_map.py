"""The map of one model: its points once they are there, and how far it can be trusted."""

import numpy as np
import streamlit as st

from dashboard.components.map.display import MapDisplay
from dashboard.components.map.map_canvas import MapMarks, map_canvas
from dashboard.components.map.map_points import map_points, name_of
from dashboard.components.shared.empty import no_model
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import map_job
from dashboard.loading.sets import set_of_images
from dashboard.visit import state
from dashboard.visit.view import View


def model_map(view: View, display: MapDisplay, *, key: str) -> None:
    """Show it, or how far it is.

    Args:
        view: The model and what it answered; of a baseline, the view of it.
        display: How the page is displayed.
        key: One for each map on a page.
    """
    if not view.has_model:
        no_model(view.run, view.epoch, "a map")
        return
    found = long_work(*map_job(view, display.layout), preparing="Preparing the layout")
    if found is None:
        return
    name = name_of(view, display.layout)
    map_points(view, found, name=name, key=key)
    map_canvas(
        found,
        marks_of(view, display),
        points=name,
        split=view.split.fingerprint,
        colour=display.colour,
        class_names=view.class_names,
        output=view.answers.output,
        label=f"Map of {words.images(len(view.split))} by {view.run.name}, epoch {view.epoch}",
        on_open=lambda index: state.choose(image=index),
        on_draw=lambda positions: _choose(view, positions),
        key=key,
    )
    st.caption(words.map_in_words(found, display.layout, view.answers.output))


def marks_of(view: View, display: MapDisplay) -> MapMarks:
    """What stands out on the map: the set and the opened image; what is mislabelled is no point."""
    shown = np.ones(len(view.split), bool)
    shown[view.mislabelled] = False
    if view.subset is None:
        return MapMarks(shown, None, view.image)
    chosen = np.zeros(len(view.split), bool)
    chosen[view.subset.positions] = True
    is_narrowed = display.points == "set"
    return MapMarks(shown & chosen if is_narrowed else shown, chosen, view.image, is_narrowed)


def _choose(view: View, positions: np.ndarray) -> None:
    """Make a set of the images in a region that was drawn."""
    if len(positions):
        state.choose(set=set_of_images(view, positions), image=None)
    else:
        st.toast("No image lies in that region.")
