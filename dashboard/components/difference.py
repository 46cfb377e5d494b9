"""One line on how the answers on show differ from those chosen to compare with."""

import streamlit as st

from dashboard import state, words
from dashboard.view import View


def difference(view: View) -> None:
    """Say it, where something is chosen to compare with."""
    if view.counted_comparison is not None:
        selection = state.selection()
        before = f"{selection.baseline} · epoch {selection.baseline_epoch}"
        with st.container(key="difference"):
            if (selection.baseline, selection.baseline_epoch) == (view.run.name, view.epoch):
                st.markdown("Compared with itself: choose another run or epoch in the sidebar.")
                return
            st.markdown(words.plain(words.difference(view.counted_comparison, before)))
