"""Folders of models put next to the runs, each with a button that imports it as a run."""

from collections.abc import Sequence
from itertools import islice

import streamlit as st

from dashboard import loaders, words
from mnist_core.importing import is_importable
from mnist_core.runs import Run

MOST_OFFERS = 20


def import_offers(runs: Sequence[Run]) -> None:
    """Offer to import what is no run yet; the table follows by itself once it is one."""
    offers = (run for run in runs if run.state == "refused" and is_importable(run.folder))
    for run in islice(offers, MOST_OFFERS):
        _offer(run)


@st.fragment
def _offer(run: Run) -> None:
    wanted = st.button(
        f"Import {words.plain(run.name)}",
        key=f"import-{run.name}",
        icon=":material/download:",
        help="Opens its models, predicts validation and test, and writes a run in their place.",
    )
    if wanted:
        with st.spinner(f"Importing {words.plain(run.name)} …", show_time=True):
            loaders.import_models(run)
        st.rerun()
