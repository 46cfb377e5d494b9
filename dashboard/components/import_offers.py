"""Folders of models that were put beside the runs: one button each makes a run of them."""

from collections.abc import Sequence

import streamlit as st

from dashboard import loaders, words
from dashboard.components.long_work import long_work
from mnist_core.importing import is_importable
from mnist_core.runs import Run


def import_offers(runs: Sequence[Run]) -> None:
    """Offer to import what is no run yet; the table follows by itself once it is one."""
    for run in runs:
        if run.state == "refused" and is_importable(run.folder):
            _offer(run)


@st.fragment
def _offer(run: Run) -> None:
    key = f"import-{run.name}"
    if not st.session_state.get(key):
        st.button(
            f"Import {words.plain(run.name)}",
            icon=":material/download:",
            help="Opens its models, predicts validation and test, and writes a run beside them.",
            on_click=lambda: st.session_state.update({key: True}),
        )
    elif long_work(*loaders.importing_job(run)) is not None:
        del st.session_state[key]
        st.rerun()
