"""A sheet of paper to draw a digit on."""

import numpy as np
import streamlit as st

SIDE = 280
_SHEET = "sketch-sheet"


def sketch_canvas() -> np.ndarray | None:
    """Let the visitor draw with mouse, pen or finger, and take a new sheet.

    Returns:
        The drawing, dark ink on light paper, after each stroke. `uint8`, shape `(280, 280, 4)`;
        `None` before the canvas is there.
    """
    # It registers itself with the running server when it is imported.
    from streamlit_drawable_canvas import st_canvas

    sheet = st.session_state.setdefault(_SHEET, 0)
    width = st.slider("Pen", 2, 40, 18, key="sketch-pen", format="%d pixels wide", width=SIDE)
    drawn = st_canvas(
        stroke_width=width,
        stroke_color="#111111",
        background_color="#f3f5f6",
        fill_color="rgba(0, 0, 0, 0)",
        drawing_mode="freedraw",
        height=SIDE,
        width=SIDE,
        return_image_data=True,
        key=f"sketch-{sheet}",
    )
    st.button("New sheet", on_click=lambda: st.session_state.update({_SHEET: sheet + 1}))
    return drawn.image_data
