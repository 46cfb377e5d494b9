"""A table of buttons, such as the confusion matrix: by mouse, touch and keyboard."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.drawing.grids.grid import Grid
from dashboard.drawing.sprite import COLUMNS, sprite_png

_HERE = Path(__file__).parent
_SCRIPTS = ("element", "cell_grid_fit", "cell_grid")
_mount = st.components.v2.component(
    "mnist_lens.cell_grid",
    css=(_HERE / "cell_grid.css").read_text(),
    js="".join((_HERE / f"{name}.js").read_text() for name in _SCRIPTS),
)

_PER_FRAME = ("rows", "columns", "cells", "right", "bottom", "corner")

Chosen = tuple[int | None, int | None, str]


def cell_grid(
    grid: Grid,
    *,
    chosen: Chosen | None,
    on_choose: Callable[[int | None, int | None, str], None],
    key: str,
) -> None:
    """Show a table of buttons.

    Args:
        grid: What is shown.
        chosen: Row, column and kind of the pressed button; `None` in place of a row or column
            for the header of the other, an empty kind for any.
        on_choose: Called with row, column and kind when a button is chosen.
        key: One for each table on a page.
    """

    def chosen_now() -> None:
        row, column, kind, _ = st.session_state[key]["cell"]
        on_choose(row, column, kind)

    _mount(key=key, data=_as_data(grid) | {"chosen": chosen}, on_cell_change=chosen_now)


def cell_grid_player(
    frames: Sequence[tuple[str, Grid]],
    *,
    film: str,
    shown: int,
    chosen: Chosen | None,
    on_choose: Callable[[int | None, int | None, int], None],
    key: str,
) -> None:
    """Show tables of one shape as a film with a slider; the browser has them all.

    Args:
        frames: Name and table of each, with the same classes in rows and columns.
        film: Tells these frames from those of another run or split.
        shown: Place of the one shown at first.
        chosen: See `cell_grid`.
        on_choose: Called with row, column and place of the frame when a button is chosen.
        key: One for each table on a page.
    """

    def chosen_now() -> None:
        row, column, _, frame = st.session_state[key]["cell"]
        on_choose(row, column, int(frame))

    texts = []
    for name, grid in frames:
        data = grid.as_data()
        texts.append({"name": name} | {part: data[part] for part in _PER_FRAME})
    data = _as_data(frames[shown][1]) | {"chosen": chosen, "frames": texts}
    data |= {"film": film, "shownFrame": shown}
    _mount(key=key, data=data, on_cell_change=chosen_now)


def _as_data(grid: Grid) -> dict[str, Any]:
    sprite = None
    if len(grid.pictures):
        columns = min(COLUMNS, len(grid.pictures))
        rows = -(-len(grid.pictures) // COLUMNS)
        sprite = {"png": sprite_png(grid.pictures), "columns": columns, "rows": rows}
    return grid.as_data() | {"sprite": sprite}
