"""A sheet of paper to draw a digit on."""

import base64
from collections.abc import Mapping, Set
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from dashboard.visit import state
from mnist_core.errors import SketchError
from mnist_core.image_size import SHAPE

SIDE = 280
PAPER, INK = 244, 17
MOST_CHARACTERS = 8_000_000
"""Of what a browser may send: more than a megapixel needs, uncompressed."""

_SHEET = "sketch-sheet"
_PREFIX = "data:image/png;base64,"
_FIT = {"naturalWidth", "naturalHeight", "scaleX", "scaleY", "offsetX", "offsetY"}
_BLANK = np.zeros(SHAPE, np.uint8)


def sketch_canvas(image: np.ndarray | None = None, *, index: int | None = None) -> bytes | None:
    """Let the visitor draw with mouse, pen or finger, and clear the sheet.

    Args:
        image: What is on the sheet before the first stroke; `None` for a blank one. Grey levels,
            0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        index: Position of that image in its split, so that each has a sheet of its own.

    Returns:
        The strokes alone, on a transparent ground, as the browser sent them: a PNG, but it may be
        anything. `None` before there are any.

    Raises:
        SketchError: The browser sent what no canvas sends.
    """
    # It registers itself with the running server when it is imported.
    from streamlit_drawable_canvas import st_canvas

    sheet = st.session_state.setdefault(_SHEET, 0)
    key = f"sketch-{sheet}-{index}"
    width = st.slider("Pen", 2, 40, 18, key="sketch-pen", format="%d pixels wide", width=SIDE)
    strokes = strokes_sent(st.session_state.get(key))
    # What it returns is not looked at: it would open whatever was sent as a picture.
    st_canvas(
        stroke_width=width,
        stroke_color="#111111",
        background_color="",
        background_image=_on_paper(_BLANK if image is None else image),
        fill_color="rgba(0, 0, 0, 0)",
        drawing_mode="freedraw",
        height=SIDE,
        width=SIDE,
        return_image_data=True,
        key=key,
    )
    st.button("Clear", on_click=lambda: _clear(sheet))
    return strokes


def strokes_sent(value: Any) -> bytes | None:
    """The picture that the browser's part of the canvas has sent, not yet checked.

    Args:
        value: Anything, because a browser can send what it likes.

    Raises:
        SketchError: It is nothing that a canvas sends.
    """
    try:
        _entry(value, "backgroundFit", _FIT)
        encoded = _entry(value, "drawing", {"data"}).get("data")
        if encoded is None:
            return None
        if not isinstance(encoded, str) or not encoded.startswith(_PREFIX):
            raise ValueError("no PNG")
        if len(encoded) > MOST_CHARACTERS:
            raise ValueError(f"{len(encoded):,} characters")
        return base64.b64decode(encoded[len(_PREFIX) :], validate=True)
    except ValueError as error:
        raise SketchError(
            f"Expected strokes from the sheet. Received: {error}. Reload the page."
        ) from error


def _entry(value: Any, name: str, keys: Set[str]) -> Mapping[str, Any]:
    """An entry that is a mapping with these keys; empty where there is none."""
    found = {} if value is None else value
    if isinstance(found, Mapping):
        found = found.get(name) or {}
    if not isinstance(found, Mapping) or (found and not keys <= set(found)):
        raise ValueError(f"something else as its {name}")
    return found


def _clear(sheet: int) -> None:
    st.session_state[_SHEET] = sheet + 1
    state.choose(image=None)


def _on_paper(image: np.ndarray) -> Image.Image:
    """The image as large as the sheet, with hard pixels."""
    grey = np.rint(PAPER - image / 255 * (PAPER - INK)).astype(np.uint8)
    return Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.NEAREST).convert("RGB")
