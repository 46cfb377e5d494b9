"""The images behind a cell, a row or a column of the confusion matrix, or all mistakes."""

import numpy as np
import streamlit as st

from dashboard.components.shared.image_list import Group, image_list, in_order
from dashboard.components.shared.list_display import ListDisplay
from dashboard.drawing import words
from dashboard.visit.view import Cell, View
from mnist_core.answers.evaluation import Answers

PER_ROW = 10
MOST_RIGHT = 500
"""Of the images of a set that are right; all that are wrong are shown."""


def cell_images(view: View, cell: Cell, display: ListDisplay) -> np.ndarray:
    """Show exactly the images of a cell; `None` stands for any class in mistakes.

    Returns:
        Their positions in the split, in the order shown. `int64`, shape `(n,)`.
    """
    if view.subset is not None and cell == (None, None):
        return _set_images(view, display)
    positions = view.listed(view.answers.find(*cell))
    heading = words.images_of(len(positions), cell, view.class_names)
    st.subheader(heading + words.only_cause(view))
    if not len(positions):
        st.caption(_neighbours_with_images(view.counted, cell, view.class_names))
        return positions
    if cell == (None, None):
        return image_list(
            view,
            _by_true_class(view, positions),
            display,
            key="cell-sheet",
            height=480,
            per_row=PER_ROW,
        )
    return image_list(view, [Group("", positions)], display, key="cell-sheet", height=260)


def _set_images(view: View, display: ListDisplay) -> np.ndarray:
    """Show the set on show: its mistakes, and beneath them what is right."""
    listed = view.listed(view.counted_positions)
    is_wrong = view.answers.y_pred[listed] != view.answers.y_true[listed]
    wrong, right = listed[is_wrong], listed[~is_wrong]
    st.subheader(f"{words.images(len(listed))} of the set{words.only_cause(view)}")
    shown = in_order(view, right, display)[:MOST_RIGHT]
    first = f", {len(shown):,} of them here" if len(shown) < len(right) else ""
    groups = [
        Group(f"{len(wrong):,} wrong", wrong),
        Group(f"{len(right):,} right{first}", shown),
    ]
    listed_groups = [group for group in groups if len(group.positions)]
    return image_list(view, listed_groups, display, key="cell-sheet", height=480, per_row=PER_ROW)


def _by_true_class(view: View, positions: np.ndarray) -> list[Group]:
    true = view.split.labels[positions]
    return [
        Group(words.images_of(len(found), (int(label), None), view.class_names), found)
        for label in np.unique(true)
        if len(found := positions[true == label])
    ]


def _neighbours_with_images(answers: Answers, cell: Cell, class_names: tuple[str, ...]) -> str:
    true, predicted = cell
    if true is None or predicted is None:
        return "Choose a number to see its images."
    row, column = answers.confusion_matrix[true], answers.confusion_matrix[:, predicted]
    others = [
        (int(count), f"{class_names[true]} predicted as {class_names[p]}")
        for p, count in enumerate(row)
        if count and p != true
    ] + [
        (int(count), f"{class_names[t]} predicted as {class_names[predicted]}")
        for t, count in enumerate(column)
        if count and t != predicted
    ]
    if not others:
        return "No other cell has any mistake in this row or column."
    listed = "; ".join(f"{name}: {words.images(count)}" for count, name in sorted(others)[:-4:-1])
    return f"In the same row and column: {listed}."
