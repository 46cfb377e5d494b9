"""The points of a map as bytes, which a browser gets once however often the page changes."""

import json
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.visit.view import View
from mnist_core.maps.map import Layout, Map

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mnist_lens.map_points",
    js=(_HERE / "map_store.js").read_text() + (_HERE / "map_points.js").read_text(),
)

STEPS = 65_535
"""Places along each side of the square on which points lie."""


def map_points(view: View, found: Map, *, name: str, key: str) -> None:
    """Have the browser keep the points of a map with what was answered to each image.

    It has a part of the page of its own, and is the same in each run of the script: so it is sent
    once, and a click sends none of it.

    Args:
        view: Whose answers.
        found: The map.
        name: Tells these points from all others (see `name_of`).
        key: One for each map on a page.
    """
    with st.container(key=f"map-data-{key}"):  # which shows nothing, and takes no room
        _mount(key=f"{key}-points", data=as_bytes(view, found, name))


def name_of(view: View, layout: Layout) -> str:
    """What tells the points of one model, split and layout from all others."""
    checkpoint = view.run.checkpoint(view.epoch)
    return f"{checkpoint.fingerprint[:16]}-{view.split.fingerprint[:16]}-{layout}"


def on_square(points: np.ndarray) -> np.ndarray:
    """Points on a square of `STEPS` × `STEPS`, in its middle and in their proportions.

    Args:
        points: Floats, shape `(n, 2)`; the second coordinate points upwards.

    Returns:
        `uint16`, shape `(n, 2)`; the second coordinate points downwards, as on a screen.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    size = float((high - low).max()) or 1.0
    placed = (points - (low + high) / 2) / size * [1, -1] + 0.5
    return np.rint(np.clip(placed, 0, 1) * STEPS).astype(np.uint16)


def as_bytes(view: View, found: Map, name: str) -> bytes:
    """A line of JSON, filled up with spaces to a multiple of four bytes, and arrays behind it.

    These are x, y, true and predicted class, `uint16` each, and confidence, `float32`.
    """
    answers = view.answers
    head = json.dumps({"name": name, "n": len(answers), "steps": STEPS}).encode()
    head += b" " * (-(len(head) + 1) % 4) + b"\n"
    classes = np.stack([answers.y_true, answers.y_pred]).astype("<u2")
    places = np.ascontiguousarray(on_square(found.points).T, "<u2")
    return head + places.tobytes() + classes.tobytes() + answers.confidence.astype("<f4").tobytes()
