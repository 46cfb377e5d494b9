"""A map that is looked at, moved and drawn on: by mouse, touch and keyboard."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.components.map.display import Colour
from dashboard.components.map.map_points import STEPS, on_square
from dashboard.components.map.sent import image_sent, outline_sent
from mnist_core.answers.evaluation import Output
from mnist_core.maps.map import Map
from mnist_core.maps.region import inside

_HERE = Path(__file__).parent
_SCRIPTS = ("map_store", "map_colours", "map_view", "map_painting", "map_gestures", "map_canvas")
_mount = st.components.v2.component(
    "mnist_lens.map_canvas",
    css=(_HERE / "map_canvas.css").read_text(),
    js=(_HERE.parent / "shared" / "element.js").read_text()
    + "".join((_HERE / f"{name}.js").read_text() for name in _SCRIPTS),
)


@dataclass(frozen=True, eq=False)
class MapMarks:
    """What stands out on a map, in masks of all images.

    Attributes:
        shown: Which are points at all. `bool`, shape `(n,)`.
        chosen: Which are in the chosen set; `None` where none is. `bool`, shape `(n,)`.
        image: Position of the opened image.
        is_narrowed: Whether only those of the chosen set are points.
    """

    shown: np.ndarray
    chosen: np.ndarray | None
    image: int | None
    is_narrowed: bool = False


def map_canvas(
    found: Map,
    marks: MapMarks,
    *,
    points: str,
    split: str,
    colour: Colour,
    class_names: Sequence[str],
    output: Output,
    label: str,
    on_open: Callable[[int], None],
    on_draw: Callable[[np.ndarray], None],
    key: str,
) -> None:
    """Show the points that the browser keeps.

    Args:
        found: The map.
        marks: What stands out.
        points: The name of the points (see `map_points.name_of`).
        split: The fingerprint of the split.
        colour: What colours say.
        class_names: Name of each class.
        output: What confidence is.
        label: What the map shows, for a screen reader.
        on_open: Called with the position of an image that was chosen.
        on_draw: Called with the positions of the shown images in a region that was drawn.
        key: One for each map on a page.
    """

    def opened() -> None:
        on_open(image_sent(st.session_state[key]["image"], len(found.points)))

    def drawn() -> None:
        outline = outline_sent(st.session_state[key]["region"])
        within = inside(on_square(found.points) / STEPS, outline)
        on_draw(np.flatnonzero(within & marks.shown))

    data = {
        "points": points,
        "split": split[:16],
        "colour": colour,
        "shown": _bits(marks.shown),
        "isNarrowed": marks.is_narrowed,
        "chosen": None if marks.chosen is None else _bits(marks.chosen),
        "image": marks.image,
        "names": list(class_names),
        "output": output,
        "label": label,
    }
    _mount(key=key, data=data, on_image_change=opened, on_region_change=drawn)


def _bits(mask: np.ndarray) -> str:
    """A bit of each image, the first in the lowest of the first byte, in base64."""
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()
