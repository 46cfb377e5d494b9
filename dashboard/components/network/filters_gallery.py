"""The filters with which a network first looks at an image."""

import numpy as np
import streamlit as st

from dashboard.components.shared.signed_maps import map_gallery, signed_map
from dashboard.drawing import words
from mnist_core.inference.feature_maps import Filters

_BOX = 64
"""Pixels that the filters may be high; they scroll beyond."""


def filters_gallery(filters: Filters) -> None:
    """Show the filters of the first layer, red positive and blue negative."""
    if filters.reason:
        st.caption(filters.reason)
        return
    limit = float(np.abs(filters.weights).max()) or 1.0
    captions = [str(number) for number in range(len(filters.weights))]
    maps = [
        signed_map(weights, limit=limit, label=f"Filter {number}", under=None)
        for number, weights in enumerate(filters.weights)
    ]
    st.markdown(f"**{words.plain(filters.layer)}** · {len(maps)} filters, up to ±{limit:.2g}")
    map_gallery(maps, captions, size=38, height=_BOX)
