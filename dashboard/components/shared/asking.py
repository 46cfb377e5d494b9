"""The field at the head of a page about a run: ask for images, or go to one by its number."""

import streamlit as st

from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.errors import QueryError
from mnist_core.queries import parse_query

_REFUSED = "refused-question"
"""What was asked for last and could not be read, and why."""


def asking(view: View, *, error: str = "") -> None:
    """Show the field.

    Args:
        view: What the page shows, narrowed to the set on show.
        error: Why the set on show cannot be shown.
    """
    refused, why = st.session_state.get(_REFUSED, ("", ""))
    shown = refused or view.selection.set or ""
    typed = st.text_input("Images", shown, key=f"asking-{shown}")
    if why or error:
        st.error(why or error)
    if typed != shown:
        _ask(typed, view)
        st.rerun(scope="fragment")


def _ask(text: str, view: View) -> None:
    try:
        parse_query(text, view.class_names)
    except QueryError as error:
        st.session_state[_REFUSED] = (text, str(error))
    else:
        st.session_state.pop(_REFUSED, None)
        state.choose(set=text)
