"""Widgets that show a choice of display, or a part of the selection that others change too."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.visit import state
from dashboard.visit.display import Span


def selection_choice(
    name: str, label: str, texts: Mapping[str, str], *, hide_label: bool = False
) -> None:
    """A row of choices; the one taken goes into the page's display.

    Args:
        name: What is chosen, a word of the page's display.
        label: What the row is called.
        texts: What each word on offer is called on screen; the first stands in for those that are
            not.
        hide_label: Whether only screen readers are told what the row is called.
    """
    chosen = getattr(state.chosen_display(), name)
    st.segmented_control(
        label,
        list(texts),
        format_func=texts.__getitem__,
        label_visibility="collapsed" if hide_label else "visible",
        required=True,
        wrap=True,
        **mirror(
            f"choice-{name}",
            chosen if chosen in texts else next(iter(texts)),
            lambda text: state.choose(**{name: text}),
        ),
    )


def selection_list(name: str, label: str, texts: Mapping[Any, str]) -> None:
    """A list that opens, for more words than a row has room for, or for numbers.

    Args:
        name: What is chosen, a word or a number of the page's display.
        label: What the list is called.
        texts: What each choice is called on screen; the first stands in for those that are not on
            offer.
    """
    chosen = getattr(state.chosen_display(), name)
    st.selectbox(
        label,
        list(texts),
        format_func=texts.__getitem__,
        width=190,
        **mirror(
            f"choice-{name}",
            chosen if chosen in texts else next(iter(texts)),
            lambda one: state.choose(**{name: one}),
        ),
    )


def selection_number(name: str, label: str, *, step: int = 1) -> None:
    """A field for a number of the page's display, with buttons for less and more.

    Args:
        name: What is chosen, a number of the page's display.
        label: What the field is called.
        step: How much less and more.
    """
    display = state.chosen_display()
    span = display.allowed(name)
    assert isinstance(span, Span)
    st.number_input(
        label,
        span.least,
        span.most,
        step=step,
        **mirror(
            f"choice-{name}",
            getattr(display, name),
            lambda number: state.choose(**{name: number}),
        ),
    )


def selection_slider(name: str, label: str, *, explained: str) -> None:
    """A slider; its number goes into the page's display.

    Args:
        name: What is chosen, a number of the page's display.
        label: What the slider is called.
        explained: What its numbers mean.
    """
    display = state.chosen_display()
    span = display.allowed(name)
    assert isinstance(span, Span)
    st.slider(
        label,
        span.least,
        span.most,
        help=explained,
        **mirror(
            f"choice-{name}",
            getattr(display, name),
            lambda number: state.choose(**{name: number}),
        ),
    )


def selection_toggle(name: str, label: str) -> bool:
    """A switch between `hidden` and `shown`; which one goes into the page's display.

    Args:
        name: What is shown, a `Switch` of the page's display.
        label: What the switch is called.

    Returns:
        Whether it is shown.
    """
    return st.toggle(
        label,
        **mirror(
            f"choice-{name}",
            getattr(state.chosen_display(), name) == "shown",
            lambda wants: state.choose(**{name: "shown" if wants else "hidden"}),
        ),
    )


def mirror(name: str, value: Any, on_choose: Callable[[Any], None]) -> dict[str, Any]:
    """Let a widget show a value, however that was changed.

    A browser that has not been told of a change yet sends the old value with the next click. So
    that this is no choice, a value that the widget has not been given by itself makes it another
    widget; and what the old one sends is a choice only if it is not what that one was made to show.

    Args:
        name: Of the widget; one for each on a page.
        value: What it is to show.
        on_choose: Called with what is chosen in it.

    Returns:
        The widget's `key` and `on_change`.
    """
    current = f"{name}-key"
    key = st.session_state.setdefault(current, f"{name}-0")
    if st.session_state.get(key, value) != value:
        key = st.session_state[current] = f"{name}-{int(key.rpartition('-')[2]) + 1}"
    st.session_state[key] = value

    def changed() -> None:
        if st.session_state[key] != value:
            on_choose(st.session_state[key])

    return {"key": key, "on_change": changed}
