"""The images behind one cell of the confusion matrix."""

import numpy as np
import streamlit as st

from dashboard import state, words
from dashboard.components.contact_sheet import contact_sheet
from dashboard.loaders import View
from mnist_core.evaluation import Answers


def cell_images(view: View, cell: tuple[int, int] | None) -> np.ndarray:
    """Show exactly the images of one cell, the most confident first.

    Returns:
        Their positions in the split, in the order shown. `int64`, shape `(n,)`.
    """
    if cell is None:
        st.subheader("Choose a number to see its images")
        return np.empty(0, np.int64)
    (true, predicted), names = cell, view.class_names
    indices = view.answers.find(true, predicted)
    st.subheader(f"{words.images(len(indices))} of {names[true]} predicted as {names[predicted]}")
    if not len(indices):
        st.caption(_neighbours_with_images(view.answers, true, predicted, names))
        return indices
    badge = "" if true == predicted else f"{names[true]}→{names[predicted]}"
    contact_sheet(
        view.split.images[indices],
        indices=indices,
        captions=[words.image_caption(view.answers, index, names) for index in indices],
        badges=[badge] * len(indices),
        chosen=state.selection().image,
        on_choose=lambda index: state.choose(image=index, true=true, predicted=predicted),
        key="cell-sheet",
        height=240,
    )
    return indices


def _neighbours_with_images(
    answers: Answers, true: int, predicted: int, class_names: tuple[str, ...]
) -> str:
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
        return "Nor has any other cell of mistakes in this row or column."
    listed = "; ".join(f"{name}: {words.images(count)}" for count, name in sorted(others)[:-4:-1])
    return f"In the same row and column: {listed}."
