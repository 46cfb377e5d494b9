"""Runs that cannot be used, or not on this split, each with the reason."""

from collections.abc import Mapping, Sequence
from itertools import islice

import pandas as pd
import streamlit as st

from dashboard.drawing import words
from dashboard.visit.visit import Visit
from mnist_core.runs import Run

MOST_LINES = 10
"""More of them are a table, which is no longer to send than a line each."""


def refused_runs(runs: Sequence[Run], visit: Visit) -> None:
    """Say why; nothing where all runs can be shown on the split."""
    refused = {run.name: run.reason for run in runs if run.reason}
    against = {run.name: visit.against[run.name] for run in runs if not run.reason}
    elsewhere = {name: reason for name, reason in against.items() if reason}
    _list(refused, "cannot be used", "folders that cannot be used", key="refused-runs")
    _list(elsewhere, f"cannot be shown on {visit.split.name}", "runs", key="runs-elsewhere")


def _list(reasons: Mapping[str, str], what: str, named: str, *, key: str) -> None:
    for name, reason in islice(reasons.items(), MOST_LINES):
        st.caption(words.plain(f"{name} {what}. {reason}"))
    more = list(reasons.items())[MOST_LINES:]
    if not more:
        return
    with st.expander(f"{len(more):,} more {named}"):
        st.dataframe(pd.DataFrame(more, columns=["Run", "Reason"]), key=key, hide_index=True)
