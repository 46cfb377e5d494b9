"""All named sets as a table: how the run and its baseline do on each; choosing a row opens it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.drawing import words
from dashboard.loading.named_sets import FoundSet, figures_of, open_set
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.errors import SetError
from mnist_core.formatting import decimals, percent
from mnist_core.sets import SetFigures

_HEIGHT = 420
_MOST_ROWS = 12
"""On screen at most; the table scrolls beyond them."""

_COLUMNS = (
    Column("Images", "How many, and their share of all that count.", is_number=True),
    Column(
        "Right",
        "Share of the set that was predicted right, with its 95 % interval.",
        is_number=True,
    ),
    Column("All else", "The same of all images that are not in the set.", is_number=True),
    Column("Points", "The set less all else, in hundredths.", is_number=True),
    Column(
        "p",
        "Fisher's exact test of the set against all else, corrected for the number of sets in the "
        "list (Holm), of this run by itself.",
        is_number=True,
    ),
)
_BASELINE_COLUMNS = (
    Column("Baseline", "Share of the set that the baseline predicted right.", is_number=True),
    Column("Its points", "The same less what it has of all else, in hundredths.", is_number=True),
    Column("Its p", "The same test of the baseline's answers.", is_number=True),
)


def set_table(view: View, found: Sequence[FoundSet]) -> None:
    """Show the sets; what cannot be found on the split on show is listed with the reason."""
    figures = figures_of(view, found, view.run, view.answers)
    shares = [share for one in figures for share in (one.accuracy, one.others_accuracy)]
    places = decimals(shares)
    rows = [[*_cells(one, places)] for one in figures]
    if view.baseline is not None:
        other = figures_of(view, found, view.baseline.run, view.baseline.answers)
        for cells, one in zip(rows, other, strict=True):
            right, _, *rest = _cells(one, places)[1:]
            cells += [right, *rest]
    row_table(
        [*_COLUMNS, *([] if view.baseline is None else _BASELINE_COLUMNS)],
        [
            Row(
                one.kept.name,
                tuple(Cell("–") for _ in cells) if one.refused else tuple(cells),
                note=_note(one, counted),
                can_be_chosen=bool(counted.size),
            )
            for one, cells, counted in zip(found, rows, figures, strict=True)
        ],
        names="Set",
        chosen=[one.kept.name for one in found if is_on_show(view, one)],
        on_choose=lambda name, _: _open(view, found, name),
        key="named-sets",
        height=_HEIGHT if len(found) > _MOST_ROWS else None,
    )
    for missing in found:
        if missing.refused:
            st.caption(f"**{words.plain(missing.kept.name)}**: {words.plain(missing.refused)}")
    if any(one.p_value is not None for one in figures):
        st.caption(
            "A test knows nothing of how a set came about: one that was looked for among many, as "
            "slices are, or thought of after seeing mistakes, is proven on other images alone."
        )
    if any(one.untested and one.size and one.n_others for one in figures):
        st.caption(
            "No test where the run's own answers, or somebody who saw them, chose the images: how "
            "often these are right then follows from the choice."
        )


def is_on_show(view: View, found: FoundSet) -> bool:
    """Whether it is what the page is narrowed to."""
    return bool(found.text) and found.text == view.selection.set


def _cells(one: SetFigures, places: int) -> tuple[Cell, ...]:
    return (
        Cell(words.set_size(one), one.size),
        Cell(words.set_accuracy(one, places), one.accuracy),
        Cell(percent(one.others_accuracy, places), one.others_accuracy),
        Cell(words.set_difference(one), one.difference),
        Cell(words.set_test(one), one.p_value),
    )


def _note(one: FoundSet, figures: SetFigures) -> str:
    if one.refused:
        return "cannot be found here"
    return figures.untested if figures.size and figures.n_others else ""


def _open(view: View, found: Sequence[FoundSet], name: str) -> None:
    one = next((one for one in found if one.kept.name == name), None)
    if one is None:
        return
    try:
        state.choose(set=open_set(view, one), image=None)
    except SetError as error:
        st.toast(words.plain(str(error)))
