"""A table whose rows can be chosen and sorted: by mouse, touch and keyboard."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from dashboard.drawing.figures.run_style import RunStyle

_HERE = Path(__file__).parent
_SCRIPTS = ("element", "run_mark", "row_table")
_mount = st.components.v2.component(
    "mnist_lens.row_table",
    css=(_HERE / "row_table.css").read_text(),
    js="".join((_HERE / f"{name}.js").read_text() for name in _SCRIPTS),
)


@dataclass(frozen=True)
class Column:
    """A column after the first, which holds the rows' names.

    Attributes:
        title: What stands above it.
        explained: What that means, shown on hover; may be empty.
        is_number: Whether it is aligned to the right, and sorted from the highest down at first.
        can_sort: Whether its title is a button that sorts the rows.
    """

    title: str
    explained: str = ""
    is_number: bool = False
    can_sort: bool = True


@dataclass(frozen=True)
class Cell:
    """One entry of a row.

    Attributes:
        text: What it says.
        value: What it is sorted by; `None`, for an unknown one, always comes last.
        links: Text, address and full description of each link that stands behind the text.
    """

    text: str = ""
    value: float | str | None = None
    links: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        name: What it is called; one for each row.
        cells: One for each column.
        style: The mark before its name; `None` for none.
        note: A few words behind the name.
        can_be_chosen: Whether there is anything behind it.
    """

    name: str
    cells: tuple[Cell, ...]
    style: RunStyle | None = None
    note: str = ""
    can_be_chosen: bool = True


def row_table(
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    names: str,
    chosen: Collection[str],
    on_choose: Callable[[str, bool], None],
    key: str,
    several: bool = False,
    height: int | None = None,
) -> None:
    """Show the table; those chosen are marked.

    Args:
        columns: All but the first.
        rows: In the order in which they stand until the visitor sorts them.
        names: Title of the first column.
        chosen: Names of the rows that are.
        on_choose: Called with a row's name and whether it is chosen now.
        key: One for each table on a page.
        several: Whether each row has a box to tick; else choosing one row gives up the other.
        height: Of the box, in pixels, at most; without it the table stands in full.
    """

    def chosen_now() -> None:
        name, is_chosen = st.session_state[key]["row"]
        on_choose(str(name), bool(is_chosen))

    _mount(
        key=key,
        data={
            "names": names,
            "columns": [asdict(column) for column in columns],
            "rows": [_as_data(row) for row in rows],
            "chosen": [row.name for row in rows if row.name in chosen],
            "several": several,
            "height": height,
        },
        on_row_change=chosen_now,
    )


def _as_data(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "note": row.note,
        "mark": row.style and row.style.as_data(),
        "cells": [asdict(cell) for cell in row.cells],
        "canBeChosen": row.can_be_chosen,
    }
