"""Images that an analyst goes through: in the order chosen, as large as chosen, and as CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.components.shared.contact_sheet import contact_sheet
from dashboard.components.shared.list_display import ListDisplay
from dashboard.components.shared.selection_widgets import selection_choice, selection_slider
from dashboard.drawing import words
from dashboard.loading.images import load_shapes
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.answers.evaluation import Order
from mnist_core.answers.image_table import image_table
from mnist_core.formatting import answer

ORDERS = {
    "confidence": "Confidence",
    "loss": "Loss",
    "margin": "Margin",
    "index": "By image number",
}
_IN_WORDS = {
    "confidence": "The most confident first",
    "loss": "The highest loss first",
    "margin": "The smallest margin between first and second class first",
    "index": "Lowest image number first",
}


@dataclass(frozen=True, eq=False)
class Group:
    """Images with something in common: what they are called and where they lie in the split."""

    title: str
    positions: np.ndarray


def image_list(
    view: View,
    groups: Sequence[Group],
    display: ListDisplay,
    *,
    key: str,
    height: int | None = None,
    per_row: int | None = None,
    keeps_order: bool = False,
    badge: Callable[[int], str] | None = None,
    caption: Callable[[int], str] | None = None,
    chosen: int | None = None,
) -> np.ndarray:
    """Show groups of images beneath each other, with the choices of order and size.

    Args:
        view: What the page shows.
        groups: A single one without a title is a plain list.
        display: The order and size chosen.
        key: Of the list; a page has one.
        height: Of the box, in pixels, at most.
        per_row: Number of images in every row, regardless of the size chosen.
        keeps_order: Whether the order of the positions says something of its own, so that none can
            be chosen.
        badge: The few characters beneath an image by its position; else its mistake.
        caption: What an image says on hover by its position; else truth, prediction, confidence.
        chosen: Position of the image marked as open; else the opened one.

    Returns:
        Positions in the split in the order shown. `int64`, shape `(n,)`.
    """
    answers, names = view.answers, view.class_names
    listed = [
        group.positions if keeps_order else in_order(view, group.positions, display)
        for group in groups
    ]
    positions = np.concatenate([*listed, np.empty(0, np.int64)]).astype(np.int64)
    if not len(positions):
        return positions
    above = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
    contact_sheet(
        view.split.images[positions],
        indices=positions,
        captions=[
            caption(index) if caption else words.image_caption(answers, index, names)
            for index in positions
        ],
        badges=[
            badge(index) if badge else _badge(view, index, display.zoom) for index in positions
        ],
        titles=[group.title for group in groups for _ in group.positions],
        chosen=view.image if chosen is None else chosen,
        on_choose=lambda index: state.choose(image=index),
        key=key,
        height=height,
        per_row=per_row,
        zoom=display.zoom,
    )
    with above:  # made last: the images are what a click asks for
        _controls(view, positions, display, key, can_order=not keeps_order)
    return positions


def in_order(view: View, positions: np.ndarray, display: ListDisplay) -> np.ndarray:
    """Positions in the order that the visitor has chosen. `int64`, shape `(n,)`."""
    return view.answers.ordered(positions, by=_order(view, display))


def _order(view: View, display: ListDisplay) -> Order:
    """The order chosen, or by confidence where the model that is needed for it was not kept."""
    has_order = view.has_model or display.sort == "index"
    return display.sort if has_order else "confidence"


def _badge(view: View, index: int, zoom: int) -> str:
    true, predicted = view.answers.cell_of(index)
    has_cause = " ✓" if index in view.causes else ""
    if true == predicted:
        return has_cause.strip()
    badge = f"{view.class_names[true]}→{view.class_names[predicted]}{has_cause}"
    if zoom < 3:
        return badge
    return f"{badge} · {answer(float(view.answers.confidence[index]), view.answers.output)}"


def _controls(
    view: View, positions: np.ndarray, display: ListDisplay, key: str, *, can_order: bool
) -> None:
    with st.popover("Order and size" if can_order else "Size", icon=":material/sort:"):
        if can_order:
            selection_choice("sort", "Order", ORDERS)
        if can_order and not view.has_model:
            st.caption("Loss and margin need the model, which was not kept for this epoch.")
        selection_slider("zoom", "Size", explained="Pixels on screen for each pixel of an image.")
    st.download_button(
        "CSV",
        lambda: image_table(view.answers, positions, view.class_names, load_shapes(view)),
        file_name=f"images-{view.run.name}-{view.split.name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"{key}-csv",
    )
    if can_order:
        st.caption(_IN_WORDS[_order(view, display)])
