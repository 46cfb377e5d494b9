"""What caused each error: the label, the handwriting, or the model?"""

import streamlit as st

from dashboard.components.causes.cause_tables import cause_tables
from dashboard.components.causes.display import CausesDisplay
from dashboard.components.causes.suspect_list import suspect_list
from dashboard.components.causes.triage_desk import Queue, triage_desk, undo_button
from dashboard.components.shared.empty import nothing_listed
from dashboard.components.shared.image_list import Group, image_list, in_order
from dashboard.components.shared.page import page_about_a_run
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing import words
from dashboard.visit.view import View

_SHOWN = {"triage": "Mistakes one by one", "suspects": "Suspect labels"}


def causes(view: View, display: CausesDisplay) -> None:
    """Every mistake with its cause, or the suspect labels."""
    st.caption(words.findings(view))
    selection_choice("fault", "Show", _SHOWN, hide_label=True)
    if display.fault == "suspects":
        suspect_list(view, display)
        return
    mistakes = view.listed(view.answers.find(None, None))
    if not len(mistakes):
        nothing_listed(view, "mistake")
        undo_button(view)
        cause_tables(view)
        return
    queue = Queue(view, in_order(view, mistakes, display))
    left, right = st.columns([1.2, 1], gap="medium")
    with left, st.container(key="triage-desk"):
        triage_desk(queue)
    with right, st.container(key="cause-tables"):
        cause_tables(view)
    listed = [Group("", mistakes)]
    image_list(view, listed, display, key="triage-sheet", height=260, chosen=queue.current)


# What is written down changes the choices in the sidebar.
page_about_a_run("Error review", causes, is_redrawn_alone=False)
