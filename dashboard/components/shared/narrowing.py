"""What a page about a run is narrowed to: the field that says it, and the view of these images."""

from dataclasses import replace

import streamlit as st

from dashboard.components.shared.asking import asking
from dashboard.components.shared.gathering import gathered_for
from dashboard.drawing import words
from dashboard.loading.sets import find_subset, read_set
from dashboard.visit.view import Subset, View
from mnist_core.errors import QueryError, SetError
from mnist_core.queries import Query


def narrowed(view: View, *, or_all: bool = False) -> View | None:
    """Show the field, and narrow the view to the set that it asks for.

    Args:
        view: Of all images.
        or_all: Whether all images are shown in place of a set that is empty or cannot be found.

    Returns:
        `None` where there is nothing to show of the set: it is still being found, it is empty, or
        it asks for what is not known of these images. That is said.
    """
    head, text = st.container(), view.selection.set
    if text is None:
        with head:
            asking(view)
        return view
    try:
        subset = _subset(view, text)
    except (QueryError, SetError) as error:
        with head:
            asking(view, error=str(error))
        return view if or_all else None
    narrow = replace(view, subset=subset)
    with head:
        asking(narrow)
    if subset is None:
        return None
    if len(narrow.left_out) == len(view.split):
        none = "None that counts" if len(subset.positions) else "None"
        st.info(
            f"{none} of the {words.images(len(view.split))} of {view.split.name} is in the set."
        )
        return view if or_all else None
    return narrow


def _subset(view: View, text: str) -> Subset | None:
    """The set; `None` while what it asks for is being gathered, which shows itself."""
    asked = read_set(text, view.split, view.class_names)
    if not isinstance(asked, Query):
        return Subset(text, asked, uses_answers=True)  # whoever picked them may have seen them
    gathered = gathered_for(view, asked)
    return None if gathered is None else find_subset(view, asked, gathered)
