"""Files of sets that cannot be read: a sentence each; they stay as they are."""

from collections.abc import Mapping

import streamlit as st

from dashboard.drawing import words

_MOST_LINES = 5


def refused_sets(refused: Mapping[str, str]) -> None:
    """Say which files cannot be read, and why.

    Args:
        refused: Why, by the name of the file.
    """
    for reason in list(refused.values())[:_MOST_LINES]:
        st.warning(words.plain(reason))
    if len(refused) > _MOST_LINES:
        st.caption(f"And {len(refused) - _MOST_LINES:,} files more.")
