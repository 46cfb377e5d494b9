"""The panel beside the field: a column's histogram, of which a part can be kept."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.components.shared.column_histogram import column_histogram
from dashboard.components.shared.gathering import gathered_for
from dashboard.components.shared.query_field import Suggestion
from dashboard.loading.spreads import load_spread, query_about
from dashboard.loading.subject import Gathered
from dashboard.visit.view import View
from mnist_core.errors import QueryError
from mnist_core.queries import COLUMNS, Spread

_COLUMN = "filtered-column"
"""The column that was looked at last."""

_KEPT = "kept-a-part"
"""Set once a part was kept: that changes the page around the panel, which is drawn alone else."""

AT_FIRST = ("confidence", "true")
"""Columns, of which the first that is there is on show at first."""


@st.fragment
def filtering(
    view: View, columns: Sequence[Suggestion], *, on_keep: Callable[[str, Gathered], None]
) -> None:
    """Show the button that opens the panel; until it is open, nothing is asked for.

    Args:
        view: What the page shows.
        columns: What can be asked for of it.
        on_keep: Called with a condition, and what was gathered for the column that it is about.
    """
    if st.session_state.pop(_KEPT, False):
        st.rerun()
    panel = st.popover("Filter", icon=":material/bar_chart:", key="filter", on_change="rerun")
    if not panel.open:
        return
    there = [column.name for column in columns if not column.missing]
    wanted = (st.session_state.get(_COLUMN), *AT_FIRST)
    chosen = next(name for name in wanted if name in there)

    def keep(condition: str) -> None:
        on_keep(condition, gathered)
        st.session_state[_KEPT] = True

    with panel:
        above = st.container()
        gathered, spread, against = _spread(view, chosen)
        with above:
            column_histogram(
                columns,
                chosen=chosen,
                spread=spread,
                against=against,
                on_choose=lambda name: st.session_state.update({_COLUMN: name}),
                on_keep=keep,
                key="column-histogram",
            )


def _spread(view: View, name: str) -> tuple[Gathered, Spread | None, str]:
    """How the column is spread, `None` while that is found out; or why that cannot be known."""
    column = COLUMNS[name]
    try:
        gathered = gathered_for(view, query_about(column, view))
        if gathered is None:
            return Gathered(), None, ""
        return gathered, load_spread(view, column, gathered), ""
    except QueryError as error:
        return Gathered(), None, str(error)
