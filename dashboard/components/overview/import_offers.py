"""Folders of models put next to the runs, each with a button that imports it as a run."""

from collections.abc import Sequence
from itertools import islice

import streamlit as st

from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import import_job
from mnist_core.errors import MnistLensError
from mnist_core.importing import is_importable
from mnist_core.runs import Run

MOST_OFFERS = 20
_WANTED, _FAILED = "wanted-imports", "failed-imports"


def import_offers(runs: Sequence[Run]) -> None:
    """Offer to import what is no run yet; the table follows by itself once it is one."""
    offers = (run for run in runs if run.state == "refused" and is_importable(run.folder))
    for run in islice(offers, MOST_OFFERS):
        _offer(run)


@st.fragment
def _offer(run: Run) -> None:
    wanted = st.session_state.setdefault(_WANTED, set())
    if run.name in wanted:
        _import(run, wanted)
        return
    st.button(
        f"Import {words.plain(run.name)}",
        key=f"import-{run.name}",
        icon=":material/download:",
        help="Opens its models, predicts validation and test, and writes a run in their place.",
        on_click=wanted.add,
        args=(run.name,),
    )
    if run.name in (failed := _failed()):
        st.error(failed[run.name])


def _import(run: Run, wanted: set[str]) -> None:
    _failed().pop(run.name, None)
    try:
        # Another folder may come in its place, so the next who asks does not get this one's end.
        is_done = long_work(*import_job(run), is_kept=False)
    except MnistLensError as error:
        _failed()[run.name] = words.plain(str(error))
        is_done = True
    if is_done:
        wanted.discard(run.name)
        st.rerun()


def _failed() -> dict[str, str]:
    """Why imports failed that this visitor asked for, by name of the run."""
    return st.session_state.setdefault(_FAILED, {})
