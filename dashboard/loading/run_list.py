"""Runs as they lie in the models folder now."""

from pathlib import Path
from weakref import WeakValueDictionary

import streamlit as st

from mnist_core import runs, settings
from mnist_core.runs import Run


def list_runs() -> tuple[Run, ...]:
    """All runs as they lie in the models folder now, by name."""
    return tuple(map(_shared, runs.list_runs(settings.models_folder())))


def recent_runs() -> tuple[Run, ...]:
    """As `list_runs`, at most a second ago: read once for all who look on."""
    return _recent_runs(settings.models_folder())


@st.cache_resource(ttl=1, max_entries=8, show_spinner=False)
def _recent_runs(models: Path) -> tuple[Run, ...]:
    return tuple(map(_shared, runs.list_runs(models)))


def load_run(name: str) -> Run:
    """One run as it lies in the models folder now."""
    return _shared(runs.read_run(settings.models_folder(), name))


_handed_out: WeakValueDictionary[Path, Run] = WeakValueDictionary()


def _shared(run: Run) -> Run:
    """The run as somebody already holds it, if nothing in it has changed since.

    A session keeps what its pages showed, here in the callbacks of its widgets: with a copy of
    every run for each of them, 60 sessions over all pages cost 30 MB.
    """
    known = _handed_out.get(run.folder)
    if known == run:
        return known
    _handed_out[run.folder] = run
    return run
