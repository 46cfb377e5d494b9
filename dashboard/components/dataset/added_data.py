"""The data sets that were added, each with the button that removes it."""

import streamlit as st

from dashboard.drawing import words
from dashboard.visit import state
from mnist_core.datasets import added
from mnist_core.errors import MnistLensError

_SAID = "said-of-removing"


def added_data(shown: str) -> None:
    """List them; removing one asks first.

    Args:
        shown: Name of the data set on show.
    """
    names = added.added_names()
    if names:
        st.caption("Added data sets")
    for name in names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_told(name))
            with st.popover("Remove", key=f"remove-{name}"):
                st.markdown(f"Remove {words.plain(name)} for good? Runs, sets and causes stay.")
                st.button(
                    f"Remove {words.plain(name)}",
                    key=f"remove-{name}-for-good",
                    on_click=_remove,
                    args=(name, name == shown),
                )
    if _SAID in st.session_state:
        say, news = st.session_state.pop(_SAID)
        say(news)


def _remove(name: str, is_shown: bool) -> None:
    try:
        added.remove(name)
    except MnistLensError as error:
        st.session_state[_SAID] = st.error, words.plain(str(error))
        return
    st.session_state[_SAID] = st.success, f"{words.plain(name)} was removed."
    if is_shown:
        state.choose(data=None, split=None, image=None, true=None)


def _told(name: str) -> str:
    try:
        outline = added.find(name).outline(name)
    except MnistLensError as error:
        return words.plain(str(error))
    sizes = ", ".join(f"{split} {n:,}" for split, n in outline.sizes.items())
    return words.plain(
        f"{name}: {sizes}; {len(outline.class_names)} classes, from {outline.source}"
    )
