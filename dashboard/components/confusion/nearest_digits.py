"""The digits that the model finds nearest to the opened image, of its true and predicted class."""

from dataclasses import replace

import streamlit as st

from dashboard.components.shared.digit import linked_digits
from dashboard.components.shared.long_work import long_work
from dashboard.loading.images import load_split, reference_in_words
from dashboard.loading.long_work import neighbours_job
from dashboard.visit.view import View
from mnist_core.inference.neighbours import Neighbours


def nearest_digits(view: View, index: int) -> None:
    """Show a row of the nearest digits of the true class, and one of the predicted class.

    Args:
        view: What the page shows; it must have the epoch's model (`has_model`).
        index: Position of the opened image in its split.
    """
    found = long_work(*neighbours_job(view, index))
    for row in found or ():
        _row(view, index, row)


def _row(view: View, index: int, row: Neighbours) -> None:
    name = view.class_names[row.label]
    where = reference_in_words(view.outline.name)
    if not len(row.positions):
        st.caption(f"There is no other {name} in {where}.")
        return
    st.caption(
        f"**Nearest {name}s** ({_role(view, index, row.label)}) in {where}, by the input of "
        f"the last layer · distance {row.distances[0]:.3g} to {row.distances[-1]:.3g}"
    )
    there = replace(view.selection, split=row.split, true=None, predicted=None)
    linked_digits(
        load_split(view.outline.name, row.split).images[row.positions],
        to=[replace(there, image=int(position)) for position in row.positions],
        descriptions=[
            f"{row.split} #{position}: {name}, distance {distance:.3g}"
            for position, distance in zip(row.positions, row.distances, strict=True)
        ],
    )


def _role(view: View, index: int, label: int) -> str:
    true, predicted = view.answers.cell_of(index)
    if true == predicted:
        return "true and predicted"
    return "true" if label == true else "predicted"
