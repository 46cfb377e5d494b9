"""Keeps what was drawn, with its true label, among the visitor's own digits."""

import numpy as np
import streamlit as st

from dashboard.components.shared.collected import collect_drawing, collected
from dashboard.navigation import PAGES

_LABEL = "keep-drawing-label"


def keep_drawing(image: np.ndarray, class_names: tuple[str, ...]) -> None:
    """Show a choice of the true label, a button that keeps the drawing, and the way to all kept.

    Args:
        image: The drawing as the model sees it, grey levels 0–255. `uint8`, shape `(28, 28)`.
        class_names: Name of each class.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        label = st.selectbox(
            "It is a",
            range(len(class_names)),
            index=None,
            format_func=class_names.__getitem__,
            placeholder="…",
            key=_LABEL,
            width=100,
        )
        st.button(
            "Keep it",
            key="keep-drawing",
            disabled=label is None,
            on_click=collect_drawing,
            args=(image, label),
            help="Among your own digits, on the page Pictures, where they are scored.",
        )
        if n := len(collected()):
            st.page_link(
                PAGES / "pictures.py", label=f"{n:,} of your own", icon=":material/photo_library:"
            )
