"""The digits that a visitor has collected: drawn or taken from pictures, not kept yet."""

import numpy as np
import streamlit as st

from mnist_core.own.own_digits import NO_DIGITS, OwnDigits, one_digit

MOST = 2_000
"""A session holds; more are to be kept first."""

_KEY = "collected-digits"


def collected() -> OwnDigits:
    """What this visitor has collected so far."""
    return st.session_state.get(_KEY, NO_DIGITS)


def collect(digits: OwnDigits) -> int:
    """Put digits behind those that are there; gives how many found no room."""
    both = collected().joined(digits)
    st.session_state[_KEY] = both.at(np.arange(min(len(both), MOST)))
    return max(0, len(both) - MOST)


def collect_drawing(image: np.ndarray, label: int) -> None:
    """Put a drawing there, `uint8`, shape `(28, 28)`, with its class."""
    drawn = sum(str(name).startswith("drawing ") for name in collected().names)
    collect(one_digit(image, label, f"drawing {drawn + 1}"))


def recollect(digits: OwnDigits) -> None:
    """Let these take the place of all that was collected."""
    st.session_state[_KEY] = digits
