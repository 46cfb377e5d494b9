"""All images of one class."""

import numpy as np
import streamlit as st

from dashboard.components.shared.contact_sheet import contact_sheet
from dashboard.components.shared.selection_widgets import mirror
from dashboard.drawing import words
from dashboard.visit import state
from dashboard.visit.selection import Selection
from mnist_core.datasets import Split


def class_browser(split: Split, selection: Selection) -> None:
    """Choose a class and see every image of it, in file order; choosing one opens it."""
    class_names = split.class_names
    present = [int(label) for label in np.unique(split.labels)]
    true = selection.true
    label = true if true in present else present[0]
    with st.container(key="browsed-class"):
        st.segmented_control(
            "Class",
            present,
            format_func=lambda label: class_names[label],
            required=True,
            **mirror(
                "class-of-sheet",
                label,
                lambda chosen: state.choose(true=chosen, predicted=None, image=None),
            ),
        )
    positions = np.flatnonzero(split.labels == label)
    st.caption(f"{words.images(len(positions))} of {class_names[label]} in {split.name}")
    contact_sheet(
        split.images[positions],
        indices=positions,
        captions=[f"#{index}: {class_names[label]}" for index in positions],
        badges=[""] * len(positions),
        chosen=selection.image,
        on_choose=lambda index: state.choose(image=index, true=label, predicted=None),
        key="class-sheet",
        height=380,
    )
