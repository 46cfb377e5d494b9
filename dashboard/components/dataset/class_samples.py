"""The first images of every class, and the mean image of each."""

import numpy as np
import streamlit as st

from dashboard.components.shared.contact_sheet import contact_sheet
from dashboard.components.shared.digit import digit_row
from dashboard.visit import state
from mnist_core.datasets import Split
from mnist_core.datasets.distributions import first_of_each_class, mean_images

MOST_PER_CLASS = 10
MEANS_IN_A_ROW = 13
"""At most: 62 classes are five rows, ten are one."""

ZOOM = 1.5


def class_samples(split: Split, *, opened: int | None) -> None:
    """Show a row for each class, as long as the smallest class allows; choosing one opens it.

    Args:
        split: Where they lie.
        opened: Position of the opened image; `None` where none is.
    """
    per_class = min(MOST_PER_CLASS, int(np.unique(split.labels, return_counts=True)[1].min()))
    positions = first_of_each_class(split, per_class)
    st.caption(f"The first {per_class} of each class in {split.name}")
    contact_sheet(
        split.images[positions],
        indices=positions,
        captions=[f"#{index}: {split.class_names[split.labels[index]]}" for index in positions],
        badges=[""] * len(positions),
        chosen=opened,
        on_choose=lambda index: state.choose(
            image=index, true=int(split.labels[index]), predicted=None
        ),
        key="samples-sheet",
        per_row=per_class,
        zoom=ZOOM,
    )


def class_means(split: Split) -> None:
    """Show the mean image of every class, in rows."""
    means = mean_images(split)
    n_rows = -(-len(means) // MEANS_IN_A_ROW)
    for row in np.array_split(means, n_rows):
        digit_row(row, description="Mean image of each class", pixels=46)
