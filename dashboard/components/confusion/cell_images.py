"""The images behind a cell, a row or a column of the confusion matrix, or all mistakes."""

import numpy as np
import streamlit as st

from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.list_display import ListDisplay
from dashboard.drawing import words
from dashboard.visit.view import Cell, View
from mnist_core.answers.evaluation import Answers

PER_ROW = 10


def cell_images(view: View, cell: Cell, display: ListDisplay) -> np.ndarray:
    """Show exactly the images of a cell; `None` stands for any class in mistakes.

    Returns:
        Their positions in the split, in the order shown. `int64`, shape `(n,)`.
    """
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
