"""A sheet of paper to draw a digit on."""

import numpy as np
import streamlit as st
from PIL import Image

from dashboard import state

SIDE = 280
PAPER, INK = 244, 17
_SHEET = "sketch-sheet"


def sketch_canvas(image: np.ndarray | None = None) -> np.ndarray | None:
    """Let the visitor draw with mouse, pen or finger, and take a new sheet.

    Args:
        image: What is on the sheet before the first stroke; `None` for a blank one. Grey levels,
            0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.

    Returns:
        The image and the strokes on it, dark ink on light paper, after each stroke. `uint8`, shape
        `(280, 280, 4)`; `None` before there is either.
    """
    # It registers itself with the running server when it is imported.
    from streamlit_drawable_canvas import st_canvas

    sheet = st.session_state.setdefault(_SHEET, 0)
    width = st.slider("Pen", 2, 40, 18, key="sketch-pen", format="%d pixels wide", width=SIDE)
    drawn = st_canvas(
        stroke_width=width,
        stroke_color="#111111",
        background_color="#f3f5f6",
        background_image=None if image is None else _on_paper(image),
        fill_color="rgba(0, 0, 0, 0)",
        drawing_mode="freedraw",
        height=SIDE,
        width=SIDE,
        return_image_data=True,
        key=f"sketch-{sheet}-{state.selection().image}",
    )
    st.button("New sheet", on_click=lambda: _take_new_sheet(sheet))
    if image is None:
        return drawn.image_data
    paper = _on_paper(image).convert("RGBA")
    if drawn.image_data is not None:
        paper = Image.alpha_composite(paper, Image.fromarray(drawn.image_data))
    return np.asarray(paper)


def _take_new_sheet(sheet: int) -> None:
    st.session_state[_SHEET] = sheet + 1
    state.choose(image=None)


def _on_paper(image: np.ndarray) -> Image.Image:
    grey = PAPER - image / 255 * (PAPER - INK)
    small = Image.fromarray(np.rint(grey).astype(np.uint8))
    return small.resize((SIDE, SIDE), Image.Resampling.BILINEAR).convert("RGB")
