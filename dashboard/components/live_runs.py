"""Runs that are being trained right now; the page follows them without being reloaded."""

import streamlit as st

from dashboard import loaders, words

SECONDS = 2.0
"""Between two looks into the models folder."""


def live_runs() -> None:
    """Say how far each has come, and draw the page anew when a run comes, grows, ends or goes."""
    drawn = loaders.runs_in_short()

    @st.fragment(run_every=SECONDS)
    def watch() -> None:
        if loaders.runs_in_short() != drawn:
            st.rerun()
        for run in loaders.list_runs():
            if run.state == "training":
                st.caption(words.plain(words.under_way(run)))

    with st.container(key="live-runs"):
        watch()
