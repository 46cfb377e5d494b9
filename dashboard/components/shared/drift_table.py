"""In which measures images differ from those they are held against, as a table and a sentence."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.drawing import words
from mnist_core.formatting import p_value, signed
from mnist_core.shapes import Drift


def drift_table(
    found: Sequence[Drift], *, group: str, reference: str, is_weighted: bool, key: str
) -> None:
    """Show what differs most first.

    Args:
        found: See `find_drift`.
        group: What the images are called.
        reference: What those are called that they are held against.
        is_weighted: Whether classes were brought to the same shares.
        key: One for each table on a page.
    """
    st.markdown(words.plain(words.drift(found, group, reference)))
    if not found:
        return
    columns = (
        Column(f"Mean of {group}", is_number=True),
        Column(f"of {reference}", is_number=True),
        Column("Shift", "In standard deviations, with its 95 % interval.", is_number=True),
        Column("Distance", "Kolmogorov–Smirnov, 0 to 1.", is_number=True),
        Column("p", "After Holm's correction.", is_number=True),
        Column("Its images"),
    )
    row_table(
        columns,
        [Row(one.measure.name, _cells(one), can_be_chosen=False) for one in found],
        names="Measure",
        chosen=(),
        on_choose=lambda name, is_chosen: None,
        key=key,
    )
    st.caption(words.drift_method(is_weighted=is_weighted))


def _cells(one: Drift) -> tuple[Cell, ...]:
    low, high = (signed(end) for end in one.interval)
    return (
        Cell(f"{one.mean:,.1f}{one.measure.unit}", one.mean),
        Cell(f"{one.reference_mean:,.1f}{one.measure.unit}", one.reference_mean),
        Cell(f"{signed(one.shift)} ({low} to {high})", one.shift),
        Cell(f"{one.distance:.3f}", one.distance),
        Cell(p_value(one.p_value).removeprefix("p ").removeprefix("= "), one.p_value),
        Cell(words.more_or_less(one)),
    )
