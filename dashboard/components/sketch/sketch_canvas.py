"""A sheet of paper to draw a digit on."""

import base64
import binascii
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from dashboard.components.sketch.sheet import Sheet, keep_sheet, kept_sheet
from dashboard.visit import state
from mnist_core.errors import SketchError
from mnist_core.image_size import SHAPE
from mnist_core.pictures.strokes import INK, PAPER

SIDE = 448
"""Of the sheet in pixels of its own, 16 for each of an image; style.css makes it fit its column."""

_hide_other_tools = st.components.v2.component(
    "mnist_lens.plain_sheet", js=Path(__file__).with_name("plain_sheet.js").read_text()
)
_BLANK = np.zeros(SHAPE, np.uint8)
_TOOLS = {"pen": ":material/edit: Pen", "eraser": ":material/ink_eraser: Eraser"}


def sketch_canvas(image: np.ndarray | None = None, *, name: str = "blank") -> bytes | None:
    """Let the visitor draw and erase with mouse, pen or finger, undo, redo, and clear the sheet.

    Args:
        image: What is on the sheet before the first stroke; `None` for a blank one. Grey levels,
            0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        name: Of the sheet, which is kept under it for this visitor.

    Returns:
        The strokes alone, on a transparent ground, as the browser sent them: a PNG, but it may be
        anything. `None` before there are any.

    Raises:
        SketchError: The browser sent what no canvas sends.
    """
    # It registers itself with the running server when it is imported.
    from streamlit_drawable_canvas import st_canvas

    key = f"sketch-{name}"
    sheet = kept_sheet(name).told(st.session_state.get(key))
    if key not in st.session_state:  # the visitor comes back to it
        sheet = sheet.brought_back()
    keep_sheet(name, sheet)
    tool, width = _tools(image is not None)
    with st.container(key="sketch-sheet"):
        # What it returns is not looked at: it would open whatever was sent as a picture.
        st_canvas(
            stroke_width=width,
            stroke_color=_grey(INK if tool == "pen" else PAPER),
            background_color="",
            background_image=_on_paper(_BLANK if image is None else image),
            fill_color="rgba(0, 0, 0, 0)",
            drawing_mode="freedraw",
            initial_drawing=sheet.drawing,
            height=SIDE,
            width=SIDE,
            return_image_data=True,
            key=key,
        )
    _hide_other_tools(key="sketch-plain-sheet", height=1)
    _steps(name, sheet)
    return _decoded(sheet)


def _tools(is_image: bool) -> tuple[str, int]:
    """What is drawn with, and how wide it is in pixels of the sheet."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        tool = st.segmented_control(
            "Draw with",
            list(_TOOLS),
            format_func=_TOOLS.__getitem__,
            default="pen",
            required=True,
            key="sketch-tool",
        )
        width = st.slider(
            "Width",
            4,
            64,
            24 if is_image else 28,
            key=f"sketch-pen-{is_image}",
            format="%d pixels",
            width=170,
            help="In pixels of the sheet, of which 16 are one of an image.",
        )
    return str(tool), int(width)


def _steps(name: str, sheet: Sheet) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Undo",
            icon=":material/undo:",
            shortcut="Mod+Z",
            key="sketch-undo",
            disabled=not sheet.strokes,
            on_click=lambda: keep_sheet(name, kept_sheet(name).back()),
        )
        st.button(
            "Redo",
            icon=":material/redo:",
            shortcut="Mod+Shift+Z",
            key="sketch-redo",
            disabled=not sheet.undone,
            on_click=lambda: keep_sheet(name, kept_sheet(name).forth()),
        )
        st.button("Clear", key="sketch-clear", on_click=_clear, args=(name,))


def _clear(name: str) -> None:
    keep_sheet(name, kept_sheet(name).cleared())
    if name != "blank":
        keep_sheet("blank", Sheet())
    state.choose(image=None)


def _decoded(sheet: Sheet) -> bytes | None:
    if sheet.png is None or not sheet.strokes:
        return None
    try:
        return base64.b64decode(sheet.png, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SketchError(
            "Expected strokes from the sheet. Received: a text that is no picture. Reload the page."
        ) from error


def _grey(level: int) -> str:
    return f"#{level:02x}{level:02x}{level:02x}"


def _on_paper(image: np.ndarray) -> Image.Image:
    """The image as large as the sheet, with hard pixels."""
    grey = np.rint(PAPER - image / 255 * (PAPER - INK)).astype(np.uint8)
    return Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.NEAREST).convert("RGB")
