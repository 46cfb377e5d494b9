"""The field at the head of a page about a run: ask for images, or open one by its number."""

import streamlit as st

from dashboard.components.shared.filtering import filtering
from dashboard.components.shared.query_field import Suggestion, query_field
from dashboard.drawing import words
from dashboard.loading.answers import load_recorded
from dashboard.loading.sets import read_set, set_narrowed
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.errors import QueryError
from mnist_core.queries import COLUMNS, Column
from mnist_core.sets import is_pick
from mnist_core.shapes import MEASURES

_REFUSED = "refused-question"
"""What was asked for last in vain, why, and over which set, until another one is on show."""


def asking(view: View, *, error: str = "") -> None:
    """Show the field.

    Args:
        view: What the page shows, narrowed to the set on show.
        error: Why the set on show cannot be shown.
    """
    on_show = view.selection.set or ""
    picked = is_pick(on_show)
    asked, why, over = st.session_state.get(_REFUSED, ("", "", ""))
    if not why or over != on_show:
        asked, why = on_show, error
    n = len(view.split)
    found = f"{len(view.subset.positions):,} of {words.images(n)}" if view.subset else ""
    columns = _suggestions(view)
    with st.container(horizontal=True, wrap=False, key="asking"):
        query_field(
            "" if picked else on_show,
            found=found or words.images(n),
            columns=columns,
            class_names=view.class_names,
            runs=sorted(run.name for run in view.usable_runs),
            on_ask=lambda text: _ask(view, text),
            on_open=lambda index: _open(view, index),
            key="query-field",
            title="Images picked by hand" if picked else "",
            asked=asked if why else "",
            error=why,
        )
        with st.container(width="content"):  # a fragment alone would take half of the line
            filtering(view, columns, on_keep=lambda *kept: _ask(view, set_narrowed(view, *kept)))


def _ask(view: View, text: str) -> None:
    try:
        if text:
            read_set(text, view.split, view.class_names)
    except QueryError as error:
        st.session_state[_REFUSED] = (text, str(error), view.selection.set or "")
        return
    st.session_state.pop(_REFUSED, None)
    state.choose(set=text or None, image=None)


def _open(view: View, index: int) -> None:
    if index < len(view.split):
        st.session_state.pop(_REFUSED, None)
        state.choose(image=index)
        return
    why = (
        f"Expected one of the images 0 to {len(view.split) - 1:,} of {view.split.name}. "
        f"Received: {index:,}. Choose one of these."
    )
    st.session_state[_REFUSED] = (str(index), why, view.selection.set or "")


def _suggestions(view: View) -> list[Suggestion]:
    missing = _missing(view)
    return [
        Suggestion(
            column.name,
            column.kind,
            column.meaning,
            example=column.example,
            missing=missing.get(column.name, ""),
            words=_words(view, column),
            is_of_runs=column.is_of_runs,
        )
        for column in COLUMNS.values()
    ]


def _words(view: View, column: Column) -> tuple[str, ...]:
    """What a column of texts can be compared with: causes in own words, too."""
    own = (entry.cause for entry in view.causes.values() if entry.cause is not None)
    return tuple(dict.fromkeys((*column.words, *own))) if column.name == "cause" else column.words


def _missing(view: View) -> dict[str, str]:
    """Why some columns cannot be asked for of what is on show, in a few words."""
    missing = dict[str, str]()
    if not view.has_model:
        why = "the model of this epoch was not kept"
        missing |= dict.fromkeys(("runner_up", "margin", "loss", "rank"), why)
    if view.answers.output == "scores":
        missing["confidence"] = f"{view.run.name} answers with scores"
    if load_recorded(view.run, view.split) is None:
        why = f"not recorded on {view.split.name}"
        missing |= dict.fromkeys(("learned_at", "forgotten"), why)
    if not view.outline.shows_strokes:
        missing |= dict.fromkeys(MEASURES, "these are no written characters")
    return missing
