"""Runs that are being trained right now; the page follows them without being reloaded."""

from collections.abc import Sequence

import streamlit as st

from dashboard.drawing import words
from dashboard.loading.run_list import recent_runs
from mnist_core.runs import Run

SECONDS = 2.0
"""Between two looks into the models folder."""


def live_runs() -> None:
    """Say how far each is, and redraw the page when a run appears, grows, ends or is deleted."""
    drawn = _in_short(recent_runs())

    @st.fragment(run_every=SECONDS)
    def watch() -> None:
        runs = recent_runs()
        if _in_short(runs) != drawn:
            st.rerun()
        for run in runs:
            if run.state == "training":
                st.caption(words.plain(words.under_way(run)))

    with st.container(key="live-runs"):
        watch()


def _in_short(runs: Sequence[Run]) -> list[tuple[str, str, int]]:
    """What changes when a page must be redrawn."""
    return [(run.name, run.state, len(run.history)) for run in runs]
