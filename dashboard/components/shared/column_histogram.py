"""How a column is spread over the images on show, with a brush that makes a condition of a part."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.components.shared.query_field import Suggestion
from mnist_core.queries import COLUMNS, LARGEST_NUMBER, Bars, Histogram, Spread, between, one_of

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mnist_lens.column_histogram",
    css=(_HERE / "column_histogram.css").read_text(),
    js=(_HERE / "element.js").read_text() + (_HERE / "column_histogram.js").read_text(),
)


def column_histogram(
    columns: Sequence[Suggestion],
    *,
    chosen: str,
    spread: Spread | None,
    on_choose: Callable[[str], None],
    on_keep: Callable[[str], None],
    key: str,
    against: str = "",
) -> None:
    """Show the choice of a column and how it is spread.

    Args:
        columns: What can be chosen; those that are missing are listed with the reason.
        chosen: Name of the column on show.
        spread: How it is spread; `None` while that is being found out.
        on_choose: Called with the name of a column.
        on_keep: Called with a condition that says which images to keep.
        key: One for each on a page.
        against: Why there is nothing to see of it, in a sentence.
    """

    def sent(name: str) -> Any:
        return st.session_state[key][name]

    def chosen_now() -> None:
        name = sent("column")
        if any(column.name == name and not column.missing for column in columns):
            on_choose(name)

    def kept_now() -> None:
        kept = sent("kept")
        if isinstance(kept, list) and len(kept) > 1 and kept[0] == chosen:
            condition = _condition(chosen, spread, kept[1:])
            if condition:
                on_keep(condition)

    _mount(
        key=key,
        data={
            "columns": [(column.name, column.meaning, column.missing) for column in columns],
            "chosen": chosen,
            "spread": None if against else _as_data(spread),
            "against": against,
        },
        on_column_change=chosen_now,
        on_kept_change=kept_now,
    )


def _condition(name: str, spread: Spread | None, kept: list[Any]) -> str:
    """What was kept, as a condition; empty where the component sends no such thing."""
    if isinstance(spread, Histogram):
        ends = [end for end in kept if _is_number(end)]
        return between(COLUMNS[name], *ends) if len(kept) == len(ends) == 2 else ""
    if isinstance(spread, Bars):
        values = dict(enumerate(spread.values))
        places = [place for place in kept if type(place) is int and place in values]
        if len(places) == len(kept) == len(set(places)):
            return one_of(COLUMNS[name], [values[place] for place in sorted(places)])
    return ""


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= LARGEST_NUMBER


def _as_data(spread: Spread | None) -> dict[str, Any] | None:
    if spread is None:
        return None
    if isinstance(spread, Bars):
        return {"labels": spread.labels, "counts": spread.counts}
    return {
        "edges": spread.edges.tolist(),
        "counts": spread.counts.tolist(),
        "unknown": spread.unknown,
        "isWhole": spread.is_whole,
    }
