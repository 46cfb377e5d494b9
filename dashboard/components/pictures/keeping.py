"""What becomes of the digits collected: kept as a data set, labelled at once, or cleared."""

import streamlit as st

from dashboard.components.shared.collected import collected, recollect
from dashboard.drawing import words
from dashboard.visit import state
from mnist_core.errors import DatasetError
from mnist_core.own.own_digits import NO_DIGITS, OwnDigits
from mnist_core.own.own_sets import keep_digits, own_set_names

_NAME, _SAID = "pictures-name", "pictures-said"
FIRST_NAME = "my-digits"


def keeping(digits: OwnDigits, class_names: tuple[str, ...]) -> None:
    """Show what can be done with all of them.

    Args:
        digits: What was collected, one or more.
        class_names: Name of each class that they can be labelled with.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _all_are(digits, class_names)
        names = own_set_names()
        st.text_input("Keep as", names[0] if names else FIRST_NAME, key=_NAME, width=180)
        st.button(
            "Keep",
            icon=":material/save:",
            key="pictures-keep",
            disabled=not len(digits.labelled),
            on_click=_keep,
            args=(class_names,),
            help="Digits with a label become a data set of that name, or are added to it.",
        )
        st.button(
            "Clear",
            key="pictures-clear",
            on_click=recollect,
            args=(NO_DIGITS,),
            help="All of them.",
        )


def say_what_was_kept() -> None:
    """What the last click on Keep did, once."""
    if _SAID in st.session_state:
        say, news = st.session_state.pop(_SAID)
        say(words.plain(news))


def _all_are(digits: OwnDigits, class_names: tuple[str, ...]) -> None:
    """Label all that have no label at once."""
    n = len(digits) - len(digits.labelled)
    if not n:
        return
    key = f"pictures-all-are-{n}"

    def label() -> None:
        chosen, now = st.session_state[key], collected()
        if chosen is not None:
            unlabelled = set(range(len(now))) - set(now.labelled.tolist())
            recollect(now.labelled_as(chosen, unlabelled))

    st.selectbox(
        f"The {n:,} without a label are" if n > 1 else "The one without a label is",
        range(len(class_names)),
        index=None,
        format_func=class_names.__getitem__,
        placeholder="…",
        key=key,
        on_change=label,
        width=200,
    )


def _keep(class_names: tuple[str, ...]) -> None:
    name, now = st.session_state[_NAME].strip(), collected()
    try:
        n = keep_digits(name, now, class_names)
    except DatasetError as error:
        st.session_state[_SAID] = st.error, str(error)
        return
    left = now.without(now.labelled)
    recollect(left)
    again = "" if n == len(now.labelled) else f", {len(now.labelled) - n:,} were there already"
    st.session_state[_SAID] = st.success, f"{n:,} digits kept in {name}{again}."
    state.choose(data=name, split=None, image=None)
