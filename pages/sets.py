"""On which groups of images does the run do better, or worse, than on all else?"""

import streamlit as st

from dashboard.components.sets.display import SetsDisplay
from dashboard.components.sets.exchange import exchange
from dashboard.components.sets.found_slices import found_slices
from dashboard.components.sets.refused_sets import refused_sets
from dashboard.components.sets.set_desk import set_desk
from dashboard.components.sets.set_table import set_table
from dashboard.components.shared.close_image import close_image
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.gathering import gathered_for
from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.drawing import words
from dashboard.loading.named_sets import find_sets, load_named_sets, queries_of
from dashboard.visit.view import View


def sets(view: View, display: SetsDisplay) -> None:
    """The named sets, what can be done with the one on show, slices, and the set's mistakes."""
    st.caption(words.findings(view))
    kept = load_named_sets(view)
    refused_sets(kept.refused)
    gathered = gathered_for(view, *queries_of(view, kept.sets))
    if gathered is None:
        return
    found = find_sets(view, kept.sets, gathered)
    set_desk(view, found)
    if found:
        with st.container(key="set-table"):
            set_table(view, found)
    exchange(view, n_sets=len(found))
    found_slices(view)
    if view.subset is not None:
        mistakes(view, display)


def mistakes(view: View, display: SetsDisplay) -> None:
    """What the run got wrong in the set on show."""
    wrong = view.listed(view.answers.find(None, None))
    st.subheader(f"{words.images_of(len(wrong), (None, None), view.class_names)} in this set")
    image_list(view, [Group("", wrong)], display, key="set-sheet", height=260)
    if view.image is not None:
        image_summary(view, view.image, here="sets")
        close_image()
        every_run_on_demand(view, view.image)


page_about_a_run("Sets", sets, shows_all_without=True)
