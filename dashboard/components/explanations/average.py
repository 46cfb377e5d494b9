"""The mean contrast of many images: what they have in common that pulls to the wrong class."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.explanations.contrast import UNITS
from dashboard.components.explanations.display import ExplanationsDisplay
from dashboard.components.explanations.explained import (
    compared_classes,
    contrast_classes,
    explained,
)
from dashboard.components.shared.image_display import BY_ITSELF
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.components.shared.signed_maps import large_map, signed_legend, signed_map
from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.explainers import Target, find_explainer
from mnist_core.explainers.average import MeanMap, mean_map
from mnist_core.explainers.picture import limit_of

MOST = 1_000
_SIZE = 220


def average(view: View, index: int, display: ExplanationsDisplay) -> None:
    """Show the mean of the contrast over the open cell or the set, on request.

    Args:
        view: What the page shows.
        index: Position of the opened image, whose cell it is where none is chosen.
        display: How the page is displayed.
    """
    whole = "Of all mistakes" if view.subset is None else "Of the set"
    with st.container(key="average-contrast"):
        offered = {"hidden": "None", "cell": "Of the open cell", "set": whole}
        selection_choice("average", "Mean contrast", offered)
        if display.average == "hidden":
            return
        classes = _classes(view, index, display)
        targets = _targets(view, classes, display)
        if not targets:
            st.info("There is no mistake among these images. Choose others.")
            return
        found = explained(view, targets, display)
        if found is not None:
            images = view.split.images[list(targets)]
            _show(view, mean_map(list(found.values()), images), classes)


def _classes(view: View, index: int, display: ExplanationsDisplay) -> tuple[int, int] | None:
    """The same two classes for all images, or each image's own predicted and true class."""
    chosen = BY_ITSELF not in (display.first, display.second)
    if display.of == "difference" and chosen:
        return compared_classes(view, index, display)
    return contrast_classes(view, _of_cell(view, index)) if display.average == "cell" else None


def _of_cell(view: View, index: int) -> int:
    """The opened image, or the first of the open cell where it is of another."""
    inside = view.answers.find(*view.shown_cell)
    return index if index in inside or not len(inside) else int(inside[0])


def _targets(
    view: View, classes: tuple[int, int] | None, display: ExplanationsDisplay
) -> Mapping[int, Target]:
    if display.average == "cell":
        found = view.listed(view.answers.find(*view.shown_cell))
    else:
        found = view.counted_positions
    if classes is None:
        found = found[view.answers.y_pred[found] != view.answers.y_true[found]]
    return {
        int(index): Target("difference", classes or contrast_classes(view, int(index)))
        for index in found[:MOST]
    }


def _show(view: View, mean: MeanMap, classes: tuple[int, int] | None) -> None:
    names = (
        ("the predicted class", "the true class")
        if classes is None
        else tuple(view.class_names[label] for label in classes)
    )
    limit, unit = limit_of(mean.values), UNITS[view.answers.output]
    left, right = st.columns([1, 1.3], gap="medium", vertical_alignment="center")
    with left:
        label = f"Mean over {words.images(mean.n)}: red pulls to {names[0]}, blue to {names[1]}"
        drawn = signed_map(mean.values, limit=limit, label=label, under=mean.image)
        large_map(drawn, f"Mean of {words.images(mean.n)}", size=_SIZE)
    with right:
        plain = [words.plain(name) for name in names]
        where = words.contrast_where(mean.values, mean.image, plain, over=mean.n)
        st.markdown(where, help=words.CONTRAST_PARTS)
        ends = (f"to {names[1]}", f"to {names[0]}")
        signed_legend(limit, f"of {unit} in one pixel", ends=ends)
        titles = " and ".join(find_explainer(name).title for name in mean.methods)
        most = f", the first {MOST:,}" if mean.n == MOST else ""
        st.caption(
            f"{titles}, each image with the same weight{most}. On average {plain[0]} leads over "
            f"{plain[1]} by {mean.output:.2f} ({unit}).".replace("-", "−")
        )
