"""A set of one's own digits that is kept: its digits change one by one, and it can be deleted."""

import streamlit as st

from dashboard.components.pictures.own_sheet import Change
from dashboard.components.pictures.readings import readings
from dashboard.components.shared.selection_widgets import mirror
from dashboard.drawing import words
from dashboard.navigation import PAGES
from dashboard.visit import state
from dashboard.visit.view import RunAndEpoch
from dashboard.visit.visit import Visit
from mnist_core.datasets import added
from mnist_core.errors import DatasetError
from mnist_core.own.own_digits import OwnDigits
from mnist_core.own.own_sets import change_digit, own_digits_of, own_set_names

_SAID = "kept-set-said"


def own_sets(visit: Visit) -> None:
    """A choice among the sets there are; the chosen one is looked at here and on every page."""
    names = own_set_names()
    if not names:
        return

    def look_at(name: str | None) -> None:
        state.choose(data=name, split=None, image=None)

    chosen = visit.outline.name if visit.outline.name in names else None
    st.segmented_control(
        "Sets that were kept", names, wrap=True, **mirror("own-sets", chosen, look_at)
    )


def kept_set(visit: Visit, shown: RunAndEpoch) -> None:
    """Show the set that is looked at, with what can be changed of it."""
    name = visit.outline.name
    st.subheader(f"Kept in {name}")
    if _SAID in st.session_state:
        st.error(words.plain(st.session_state.pop(_SAID)))
    digits = own_digits_of(name)
    st.caption(
        "This set is a data set: the menu's pages show it, too. Causes and named sets that were "
        "written of it belong to it as it was: they do not follow a change."
    )
    with st.container(horizontal=True, gap="small"):
        st.page_link(
            PAGES / "confusion.py",
            label="Its confusion matrix",
            icon=":material/grid_on:",
            query_params=state.query_of("confusion", visit.selection),
        )
        st.page_link(
            PAGES / "dataset.py",
            label="How it differs from the training digits",
            icon=":material/bar_chart:",
            query_params=state.query_of("dataset", visit.selection),
        )
        with st.popover("Delete the set", icon=":material/delete:"):
            st.markdown(f"Delete {name} with its {len(digits):,} digits for good?")
            st.button("Delete", key="own-set-delete", on_click=_delete, args=(name,))
    readings(
        visit,
        shown,
        digits,
        change=lambda at, change: _change(name, digits, at, change),
        key="kept",
    )


def _change(name: str, digits: OwnDigits, place: int, change: Change) -> None:
    try:
        change_digit(name, digits.images[place], str(digits.names[place]), change)
    except DatasetError as error:
        st.session_state[_SAID] = str(error)
    state.choose(data=name, image=None)


def _delete(name: str) -> None:
    try:
        added.remove(name)
    except DatasetError as error:
        st.session_state[_SAID] = str(error)
        return
    state.choose(data=None, split=None, image=None)
