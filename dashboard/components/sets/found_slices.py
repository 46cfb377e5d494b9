"""Groups of images in which the run errs beyond chance, found without being asked for."""

import math
from dataclasses import replace

import streamlit as st

from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.drawing import words
from dashboard.loading.long_work import slices_job
from dashboard.loading.sets import set_narrowed
from dashboard.loading.subject import Gathered
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.formatting import decimals, interval, p_value, percent
from mnist_core.slices import FoundSlices, Slice

_WANTED = "wanted-slices"
"""Whether this visitor has asked for slices; then those of what is looked at next come, too."""

COLUMNS = (
    Column("Images", is_number=True),
    Column("Errors", is_number=True),
    Column("Error rate", "With its 95 % interval.", is_number=True),
    Column("Elsewhere", "Error rate of all other images.", is_number=True),
    Column("Times", "Error rate of the group, divided by that elsewhere.", is_number=True),
    Column(
        "p",
        "How often chance alone makes any of all the groups stand out as far.",
        is_number=True,
    ),
)


def found_slices(view: View) -> None:
    """Look for slices where the visitor wants it, and list them; a choice makes one the set."""
    st.subheader("Slices found for you")
    if not st.session_state.get(_WANTED):
        st.caption(
            "Groups of images with at most two things in common, a true class or a range of a "
            "shape measure, in which the run errs more than chance explains."
        )
        st.button("Find slices", key="find-slices", on_click=_want)
        return
    view = _searched(view)
    found = long_work(*slices_job(view))
    if found is None:
        return
    st.markdown(words.slices_found(found, view))
    if found.slices:
        _table(view, found)


def _want() -> None:
    st.session_state[_WANTED] = True


def _searched(view: View) -> View:
    """The view of all images, or of the set on show where the visitor wants that."""
    everything = replace(view, subset=None)
    if view.subset is None:
        return everything
    if not view.is_tested:
        st.caption(
            "Looked for in all images: which of them are in the set was decided by answers, so "
            "chance says nothing of its errors."
        )
        return everything
    within = st.toggle("Within the set alone", key="slices-within")
    return view if within else everything


def _table(view: View, found: FoundSlices) -> None:
    slices = {words.slice_title(each, view.class_names): each for each in found.slices}
    places = decimals(
        share for each in found.slices for share in (each.error_rate, each.rate_elsewhere)
    )

    def choose(title: str, _is_chosen: bool) -> None:
        state.choose(set=set_narrowed(view, slices[title].query, Gathered()), image=None)

    row_table(
        COLUMNS,
        [Row(title, _cells(each, places)) for title, each in slices.items()],
        names="Group",
        chosen=[t for t, each in slices.items() if each.query == view.selection.set],
        on_choose=choose,
        key="slices",
    )
    st.caption(words.slices_method())


def _cells(found: Slice, places: int) -> tuple[Cell, ...]:
    rate, times = found.error_rate, found.times_elsewhere
    return (
        Cell(f"{len(found):,}", len(found)),
        Cell(f"{found.n_errors:,}", found.n_errors),
        Cell(f"{percent(rate, places)} {interval(found.interval, places)}", rate),
        Cell(percent(found.rate_elsewhere, places), found.rate_elsewhere),
        Cell(f"{times:.1f}×", times) if math.isfinite(times) else Cell("only here"),
        Cell(p_value(found.p_value).removeprefix("p = "), found.p_value),
    )
