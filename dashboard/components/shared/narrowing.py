"""What a page about a run is narrowed to: the field that says it, and the view of these images."""

from dataclasses import replace

import streamlit as st

from dashboard.components.shared.asking import asking
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import answers_job, suspects_job
from dashboard.loading.sets import find_subset, read_set
from dashboard.loading.subject import Gathered, runs_counted, runs_named
from dashboard.visit.view import Subset, View
from mnist_core.errors import QueryError, SetError
from mnist_core.queries import Query


def narrowed(view: View) -> View | None:
    """Show the field, and narrow the view to the set that it asks for.

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
        return None
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
        return None
    return narrow


def _subset(view: View, text: str) -> Subset | None:
    """The set; `None` while what it asks for is being gathered, which shows itself."""
    asked = read_set(text, view.split, view.class_names)
    if not isinstance(asked, Query):
        return Subset(text, asked, uses_answers=True)  # whoever picked them may have seen them
    gathered = _gathered(view, asked)
    return None if gathered is None else find_subset(view, asked, gathered)


def _gathered(view: View, query: Query) -> Gathered | None:
    columns = {reference.column for reference in query.references}
    gathered = Gathered()
    named = runs_named(view, query)
    counted = runs_counted(view) if columns & {"n_wrong", "n_runs"} else []
    of_others = {reference.column for reference in query.references if reference.run}
    for runs, exact in ((counted, False), (named, bool(of_others - {"predicted", "wrong"}))):
        if runs:
            answered = long_work(*answers_job(runs, view.split, exact=exact), is_kept=False)
            if answered is None:
                return None
            gathered = replace(
                gathered,
                answers={**gathered.answers, **answered.answers},
                against={**gathered.against, **answered.against},
            )
    if "suspect" in columns and (job := suspects_job(view)) is not None:
        suspects = long_work(*job)
        if suspects is None:
            return None
        gathered = replace(gathered, suspects=suspects)
    return gathered
