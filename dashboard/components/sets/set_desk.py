"""What can be done with the set on show: name and keep it; rename or delete one that has a name."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.components.sets.set_table import is_on_show
from dashboard.drawing import words
from dashboard.loading.named_sets import (
    FoundSet,
    delete_kept,
    keep_again,
    keep_shown,
    rename_kept,
)
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.errors import SetError
from mnist_core.sets import ImageSet

_NEW, _RENAMED, _DELETED, _SAID = "set-name", "set-renamed", "deleted-sets", "set-refused"


def set_desk(view: View, found: Sequence[FoundSet]) -> None:
    """Show a field to name the set on show, or the buttons of the set that it is.

    Args:
        view: What the page shows.
        found: The named sets.
    """
    named = [one.kept for one in found if is_on_show(view, one)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="set-desk"):
        if view.subset is None:
            st.caption(
                "To make a set, ask for images in the field above, or choose one in the table."
                if found
                else "No set has a name yet. Ask for images in the field above, such as "
                "`true == 7 and thickness < 2`, then give them a name here: they are kept, and a "
                "table holds them against all else."
            )
        elif not named:
            _naming(view)
        for place, one in enumerate(named):
            _renaming(one, place)
            st.button(
                "Delete",
                key=f"set-delete-{place}",
                icon=":material/delete:",
                on_click=lambda one=one: _delete(one),
            )
        _undo(view)
    if _SAID in st.session_state:
        st.error(words.plain(st.session_state.pop(_SAID)))


def _naming(view: View) -> None:
    def keep() -> None:
        kept = keep_shown(view, st.session_state[_NEW])
        if isinstance(kept.images, str):  # pinned, so that its row is marked
            state.choose(set=kept.images)

    with (
        st.form("set-naming", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"),
    ):
        st.text_input(
            "Name of the set on show",
            key=_NEW,
            max_chars=50,
            placeholder="Thin sevens",
            width=320,
        )
        st.form_submit_button(
            "Keep",
            key="set-keep",
            icon=":material/bookmark_add:",
            on_click=lambda: _try(keep),
        )


def _renaming(one: ImageSet, place: int) -> None:
    key = f"{_RENAMED}-{place}"
    with st.popover("Rename", icon=":material/edit:", key=f"set-renaming-{place}"):
        st.text_input("New name", key=key, max_chars=50, placeholder=one.name)
        st.button(
            "Rename",
            key=f"set-rename-{place}",
            on_click=lambda: _try(lambda: rename_kept(one, st.session_state[key])),
        )


def _delete(one: ImageSet) -> None:
    def delete() -> None:
        _deleted().append(delete_kept(one))

    _try(delete)


def _undo(view: View) -> None:
    """The way back of the set deleted last in this window."""
    deleted = [one for one in _deleted() if one.data == view.outline.name]
    if not deleted:
        return

    def restore() -> None:
        if deleted[-1] in _deleted():  # else a second press before the page was drawn again
            keep_again([deleted[-1]])
            _deleted().remove(deleted[-1])

    st.button(
        f"Undo: keep “{words.plain(deleted[-1].name)}” again",
        key="set-undo",
        icon=":material/undo:",
        on_click=lambda: _try(restore),
    )


def _deleted() -> list[ImageSet]:
    return st.session_state.setdefault(_DELETED, [])


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except SetError as error:
        st.session_state[_SAID] = str(error)
