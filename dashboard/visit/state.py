"""What a browser's session keeps: the selection, each page's display, the settled visit.

Only the frame, widgets and their callbacks read and change it; everything else is handed what it
shows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NoReturn
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from dashboard.loading.images import source_stamp
from dashboard.loading.run_list import load_run
from dashboard.visit.display import Display
from dashboard.visit.selection import NAMES, Selection, read_selection
from dashboard.visit.view import RunAndEpoch
from dashboard.visit.visit import Visit
from mnist_core.arrays import read_only
from mnist_core.errors import RunError

_SELECTION, _DISPLAYS, _VISIT, _PAGE = "selection", "displays", "visit", "page"
_DRAWING = "drawing"
_WRITTEN, _CHOSEN_NOW = "written-query", "chosen-now"

IN_SIDEBAR = frozenset({"data", "split", "run", "epoch", "baseline", "baseline_epoch"})
"""What the sidebar shows, which is drawn by the whole script alone."""


def arrive(
    page: str, displays: Mapping[str, type[Display]]
) -> tuple[Selection, Display, tuple[str, ...]]:
    """What this run of the whole script is asked for, by the address or by the session.

    A query that is not what was last written is a link or the back button. An empty one comes
    from the page menu. Just after a click the browser may still send the query of before.

    Args:
        page: Address of the open page.
        displays: What every page declares, by its address.

    Returns:
        The selection and the page's display, and notes on what the address says.
    """
    session, query = st.session_state, st.query_params.to_dict()
    session[_PAGE] = page
    chosen_now = session.pop(_CHOSEN_NOW, frozenset())
    selection = session.get(_SELECTION, Selection())
    notes: tuple[str, ...] = ()
    if query and query != session.get(_WRITTEN) and not chosen_now:
        selection, notes = read_selection(query)
        display, more = displays[page].read(query)
        session[_DISPLAYS] = {**session.get(_DISPLAYS, {}), page: display}
        notes = (*notes, *more, *_undeclared(query, displays.values()))
    else:
        display = session.setdefault(_DISPLAYS, {}).setdefault(page, displays[page]())
    return selection, display, notes


def _undeclared(query: Mapping[str, str], displays: Iterable[type[Display]]) -> list[str]:
    known = {*NAMES, *(name for display in displays for name in display.names())}
    return [
        f"The link's “{name[:40]}” means nothing here, so it is ignored."
        for name in query
        if name not in known
    ]


def keep(visit: Visit) -> dict[str, str]:
    """Keep a settled visit for the session; gives the query that the address is to say."""
    st.session_state[_SELECTION], st.session_state[_VISIT] = visit.selection, visit
    st.session_state[_WRITTEN] = query_of(st.session_state[_PAGE], visit.selection)
    return st.session_state[_WRITTEN]


def current() -> Visit:
    """What the visit is about now, for the page as a whole or a fragment of it.

    Where a fragment asks for it after a choice of something that the sidebar shows, the whole
    script runs in its place.
    """
    chosen_now = st.session_state.pop(_CHOSEN_NOW, frozenset())
    if chosen_now & IN_SIDEBAR:
        st.session_state[_CHOSEN_NOW] = chosen_now
        st.rerun()
    visit = st.session_state[_VISIT]
    if source_stamp(visit.outline.name) != visit.stamp:
        _settle_anew()
    try:
        shown, baseline = _as_it_is_now(visit.shown), _as_it_is_now(visit.baseline)
    except RunError:
        _settle_anew()
    return replace(
        visit,
        selection=st.session_state[_SELECTION],
        display=chosen_display(),
        shown=shown,
        baseline=baseline,
    )


def _settle_anew() -> NoReturn:
    """Something has gone or changed since: the whole script runs, and says what it replaces."""
    st.session_state[_CHOSEN_NOW] = IN_SIDEBAR
    st.rerun()


def _as_it_is_now(side: RunAndEpoch | None) -> RunAndEpoch | None:
    return None if side is None else RunAndEpoch(load_run(side.run.name), side.epoch)


def chosen_display() -> Display:
    """How the open page shows what is looked at."""
    return st.session_state[_DISPLAYS].get(st.session_state[_PAGE], Display())


def choose(**changes: Any) -> None:
    """Change parts of the selection or of the open page's display; for callbacks.

    Callbacks run before the script.
    """
    session = st.session_state
    display = chosen_display()
    looked_at = {name: value for name, value in changes.items() if name in NAMES}
    # A click on what the page before has left on screen changes nothing of this one's display.
    shown = {name: value for name, value in changes.items() if name in display.names()}
    session[_SELECTION] = replace(session[_SELECTION], **looked_at)
    session[_DISPLAYS] = {
        **session[_DISPLAYS],
        session[_PAGE]: replace(display, **shown),
    }
    session[_WRITTEN] = query_of(session[_PAGE], session[_SELECTION])
    st.query_params.from_dict(session[_WRITTEN])
    session[_CHOSEN_NOW] = session.get(_CHOSEN_NOW, frozenset()) | changes.keys()


def query_of(page: str, selection: Selection) -> dict[str, str]:
    """The query with which a page shows a selection, as it was last displayed there."""
    display = st.session_state.get(_DISPLAYS, {}).get(page)
    return selection.query() | ({} if display is None else display.query())


def keep_drawing(image: np.ndarray) -> None:
    """Keep what the visitor drew last, for other pages. `uint8`, shape `(28, 28)`."""
    st.session_state[_DRAWING] = read_only(image)


def kept_drawing() -> np.ndarray | None:
    """What the visitor drew last, read-only; `None` where nothing was drawn yet."""
    return st.session_state.get(_DRAWING)


def link() -> str:
    """The address that restores this page with what it shows in any browser."""
    address = (st.context.url or "").split("?")[0]
    query = query_of(st.session_state[_PAGE], st.session_state[_SELECTION])
    return f"{address}?{urlencode(query)}"
