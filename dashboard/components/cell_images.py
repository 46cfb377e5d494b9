"""The images behind one cell of the confusion matrix."""

import numpy as np
import streamlit as st

from dashboard import state, words
from dashboard.components.contact_sheet import contact_sheet
from mnist_core.datasets import Split
from mnist_core.evaluation import Evaluation


def cell_images(
    split: Split,
    evaluation: Evaluation,
    cell: tuple[int, int] | None,
    *,
    class_names: tuple[str, ...],
) -> np.ndarray:
    """Show exactly the images of one cell, the most confident first.

    Returns:
        Their positions in the split, in the order shown. `int64`, shape `(n,)`.
    """
    if cell is None:
        st.subheader("Choose a number to see its images")
        return np.empty(0, np.int64)
    true, predicted = cell
    indices = evaluation.find(true, predicted)
    st.subheader(
        f"{words.images(len(indices))} of {class_names[true]} predicted as {class_names[predicted]}"
    )
    if not len(indices):
        st.caption(_neighbours_with_images(evaluation, true, predicted, class_names))
        return indices
    names = f"{class_names[true]}→{class_names[predicted]}"
    contact_sheet(
        split.images[indices],
        indices=indices,
        captions=[words.image_caption(evaluation, index, class_names) for index in indices],
        badges=["" if true == predicted else names] * len(indices),
        chosen=state.selection().image,
        on_choose=lambda index: state.choose(image=index, true=true, predicted=predicted),
        key="cell-sheet",
        height=240,
    )
    return indices


def _neighbours_with_images(
    evaluation: Evaluation, true: int, predicted: int, class_names: tuple[str, ...]
) -> str:
    row, column = evaluation.confusion_matrix[true], evaluation.confusion_matrix[:, predicted]
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
