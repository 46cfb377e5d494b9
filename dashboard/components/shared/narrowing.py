"""What a page about a run is narrowed to: the field that says it, and the view of these images."""

from dataclasses import replace

import streamlit as st

from dashboard.components.shared.asking import asking
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import suspects_job
from dashboard.loading.sets import find_subset
from dashboard.visit.view import Subset, View
from mnist_core.errors import QueryError
from mnist_core.queries import parse_query


def narrowed(view: View) -> View | None:
    """Show the field, and narrow the view to the set that it asks for.

    Returns:
        `None` where there is nothing to show of the set: it is still being found, it is empty, or
        it asks for what is not known of these images. That is said.
    """
    text, head = view.selection.set, st.container()
    if text is None:
        with head:
            asking(view)
        return view
    try:
        subset = _found(view, text)
    except QueryError as error:
        with head:
            asking(view, error=str(error))
        return None
    if subset is None:
        with head:
            asking(view)
        return None
    narrow = replace(view, subset=subset)
    with head:
        asking(narrow)
    if len(narrow.left_out) < len(view.split):
        return narrow
    nothing = "None that counts" if len(subset.positions) else "None"
    st.info(
        f"{nothing} of the {words.images(len(view.split))} of {view.split.name} is in this set."
    )
    return None


def _found(view: View, text: str) -> Subset | None:
    """The set; `None` while something that it asks for is being found out, which is shown."""
    asked = {reference.column for reference in parse_query(text, view.class_names).references}
    job = suspects_job(view) if "suspect" in asked else None
    suspects = long_work(*job) if job is not None else None
    if job is not None and suspects is None:
        return None
    return find_subset(view, text, suspects)
