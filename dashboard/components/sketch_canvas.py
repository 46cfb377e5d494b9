"""A sheet of paper to draw a digit on."""

import numpy as np
import streamlit as st

SIDE = 280


def sketch_canvas() -> np.ndarray | None:
    """Let the visitor draw, undo and clear.

    Returns:
        The drawing, dark ink on white paper, after each stroke. `uint8`, shape `(280, 280, 4)`;
        `None` before the canvas is there.
    """
    # It registers itself with the running server when it is imported.
    from streamlit_drawable_canvas import st_canvas

    width = st.slider("Pen", 2, 40, 18, key="sketch-pen", format="%d pixels wide")
    drawn = st_canvas(
        stroke_width=width,
        stroke_color="#111111",
        background_color="#ffffff",
        fill_color="rgba(0, 0, 0, 0)",
        drawing_mode="freedraw",
        height=SIDE,
        width=SIDE,
        update_streamlit=True,
        return_image_data=True,
        key="sketch",
    )
    return drawn.image_data
