"""One way of display, chosen from a few words."""

from collections.abc import Mapping

import streamlit as st

from dashboard import state


def selection_choice(
    name: str, label: str, texts: Mapping[str, str], *, hide_label: bool = False
) -> None:
    """A row of choices; the one taken goes into the selection.

    Args:
        name: What is chosen, a key of `state.CHOICES`.
        label: What the row is called.
        texts: What each word on offer is called on screen; the first stands in for those that are
            not.
        hide_label: Whether only screen readers are told what the row is called.
    """
    key, chosen = f"choice-{name}", getattr(state.selection(), name)
    st.session_state[key] = chosen if chosen in texts else next(iter(texts))
    st.segmented_control(
        label,
        list(texts),
        key=key,
        format_func=texts.__getitem__,
        label_visibility="collapsed" if hide_label else "visible",
        required=True,
        wrap=True,
        on_change=lambda: state.choose(**{name: st.session_state[key]}),
    )
