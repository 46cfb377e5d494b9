"""What caused each error: the label, the handwriting, or the model?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.cause_tables import cause_tables
from dashboard.components.empty import no_runs, nothing_listed
from dashboard.components.image_list import Group, image_list, in_order
from dashboard.components.selection_widgets import selection_choice
from dashboard.components.suspect_list import suspect_list
from dashboard.components.triage_desk import Queue, triage_desk, undo_button

_SHOWN = {"triage": "Mistakes one by one", "suspects": "Suspect labels"}


def causes() -> None:
    """Every mistake with its cause, or the suspect labels.

    No fragment: what is written down changes the choices in the sidebar.
    """
    view = loaders.load_view(state.selection())
    st.caption(words.findings(view))
    selection_choice("fault", "Show", _SHOWN, hide_label=True)
    if state.selection().fault == "suspects":
        suspect_list(view)
        return
    mistakes = view.listed(view.answers.find(None, None))
    if not len(mistakes):
        nothing_listed(view, "mistake")
        undo_button(view)
        cause_tables(view)
        return
    queue = Queue(view, in_order(view, mistakes))
    left, right = st.columns([1.2, 1], gap="medium")
    with left, st.container(key="triage-desk"):
        triage_desk(queue)
    with right, st.container(key="cause-tables"):
        cause_tables(view)
    image_list(view, [Group("", mistakes)], key="triage-sheet", height=260, chosen=queue.current)


st.title("Causes")
if state.selection().run is None:
    no_runs()
else:
    causes()
