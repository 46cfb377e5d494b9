"""Runs that cannot be used, each with the reason."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.drawing import words
from mnist_core.runs import Run

MOST_LINES = 10
"""More of them are a table, which is no longer to send than a line each."""


def refused_runs(runs: Sequence[Run]) -> None:
    """Say why; nothing where all runs can be used."""
    refused = [run for run in runs if run.reason]
    for run in refused[:MOST_LINES]:
        st.caption(words.plain(f"{run.name} cannot be used. {run.reason}"))
    more = refused[MOST_LINES:]
    if not more:
        return
    with st.expander(f"{len(more):,} more folders that cannot be used"):
        st.dataframe(
            pd.DataFrame({"Run": [r.name for r in more], "Reason": [r.reason for r in more]}),
            key="refused-runs",
            hide_index=True,
        )
