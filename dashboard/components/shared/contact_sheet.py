"""Many images, each a button: one picture for all of them, cut up by the browser."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.drawing.sprite import COLUMNS, sprite_png

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mnist_lens.contact_sheet",
    css=(_HERE / "contact_sheet.css").read_text(),
    js=(_HERE / "contact_sheet.js").read_text(),
)


AT_ONCE = 2_000
"""Images on screen at most; more are shown in parts."""


def contact_sheet(
    images: np.ndarray,
    *,
    indices: np.ndarray,
    captions: Sequence[str],
    badges: Sequence[str],
    chosen: int | None,
    on_choose: Callable[[int], None],
    key: str,
    titles: Sequence[str] = (),
    height: int | None = None,
    per_row: int | None = None,
    zoom: float = 2,
) -> None:
    """Show images in the order given, wrapped to the width there is, in a box that scrolls.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
        indices: Position of each image in its split. Integers, shape `(n,)`.
        captions: What each image says on hover, on focus and to a screen reader.
        badges: The few characters drawn beneath each image; may be empty.
        chosen: Position in the split of the opened image.
        on_choose: Called with the position in the split of the image chosen.
        key: One for each sheet on a page.
        titles: What each image stands under; a heading is drawn where it changes.
        height: Of the box, in pixels, at most; without it the box grows.
        per_row: So many images in every row, fewer only where a badge would be cut; without it as
            many as fit.
        zoom: Pixels on screen for each pixel of an image.
    """

    part = _part(indices, chosen, key)

    def chosen_now() -> None:
        on_choose(int(st.session_state[key]["image"]))

    _mount(
        key=key,
        data={
            "sprite": sprite_png(images[part]),
            "columns": COLUMNS,
            "rows": -(-len(images[part]) // COLUMNS),
            "indices": indices[part].tolist(),
            "captions": list(captions[part]),
            "badges": list(badges[part]),
            "titles": list(titles[part]) if titles else [""] * len(images[part]),
            "zoom": zoom,
            "chosen": chosen,
            "height": height,
            "perRow": per_row,
        },
        on_image_change=chosen_now,
    )


def _part(indices: np.ndarray, chosen: int | None, key: str) -> slice:
    """The images to show at once: those around the opened one until the visitor chooses."""
    n = len(indices)
    if n <= AT_ONCE:
        return slice(0, n)
    place = np.flatnonzero(indices == chosen)
    start = st.segmented_control(
        "Images",
        range(0, n, AT_ONCE),
        format_func=lambda start: f"{start + 1:,}–{min(start + AT_ONCE, n):,}",
        default=int(place[0]) // AT_ONCE * AT_ONCE if place.size else 0,
        key=f"{key}-part-{n}",
        required=True,
    )
    return slice(start, start + AT_ONCE)
