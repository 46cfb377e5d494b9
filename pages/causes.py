"""What caused each error: the label, the handwriting, or the model?"""

import streamlit as st

from dashboard.components.causes.cause_tables import cause_tables
from dashboard.components.causes.suspect_list import suspect_list
from dashboard.components.causes.triage_desk import Queue, triage_desk, undo_button
from dashboard.components.shared.empty import no_runs, nothing_listed
from dashboard.components.shared.image_list import Group, image_list, in_order
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing import words
from dashboard.loading.views import load_view
from dashboard.visit import state

_SHOWN = {"triage": "Mistakes one by one", "suspects": "Suspect labels"}


def causes() -> None:
    """Every mistake with its cause, or the suspect labels.

    No fragment: what is written down changes the choices in the sidebar.
    """
    view = load_view(state.selection())
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
