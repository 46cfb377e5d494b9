"""The images of the set on the map, mistakes first; while there is no set, all mistakes."""

import numpy as np
import streamlit as st

from dashboard.components.map.display import MapDisplay
from dashboard.components.shared.image_list import Group, image_list, in_order
from dashboard.drawing import words
from dashboard.visit.view import View

MOST = 400
"""Images listed at most."""


def map_sheet(view: View, display: MapDisplay) -> None:
    """Show them."""
    wrong = view.listed(view.answers.find(None, None))
    right = np.empty(0, np.int64)
    if view.subset is not None:
        right = view.listed(np.flatnonzero(view.answers.y_true == view.answers.y_pred))
    st.subheader(words.mapped(len(wrong), len(wrong) + len(right), view))
    if not len(wrong) + len(right):
        st.caption("No mistake to list. Draw a region with Lasso or Rectangle to see its images.")
        return
    wrong, n_right = in_order(view, wrong, display)[:MOST], len(right)
    right = in_order(view, right, display)[: MOST - len(wrong)]
    groups = [
        Group(words.images_of(len(wrong), (None, None), view.class_names), wrong),
        Group(f"{n_right:,} right", right),
    ]
    shown = [group for group in groups if len(group.positions)]
    if view.subset is None:
        shown = [Group("", wrong)]
    image_list(view, shown, display, key="map-sheet", height=330 if view.image is None else 200)
