"""Accuracy and confusion matrix with channels switched off, beside those of the whole network."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import streamlit as st

from dashboard.components.shared.cell_grid import cell_grid
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.drawing.grids.confusion import MatrixDisplay, confusion_grid, fullest
from dashboard.loading.long_work import switched_job
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.answers.comparison import Comparison
from mnist_core.formatting import decimals, percent
from mnist_core.inference.channels_off import Off
from mnist_core.inference.layer_stages import Stage

MOST_NAMED = 8
"""Channels of a layer that are named; more are counted."""


def switched_off(view: View, stages: Sequence[Stage], off: tuple[Off, ...]) -> None:
    """Show what is off, and what that changes.

    Args:
        view: What the page shows.
        stages: All layers of the model.
        off: The channels, one or more.
    """
    left, before, without = st.columns([1, 1.2, 1.2], gap="small")
    with left:
        named = "; ".join(_named(one, stages[one.number - 1]) for one in off)
        st.markdown(f"**Off:** {words.plain(named)}")
        st.button("Switch all on", key="all-on", on_click=lambda: state.choose(off=""))
        brief = long_work(*switched_job(view, off))
    if brief is None:
        return
    after = brief.in_full(view.split.labels)
    after = after.without(view.left_out) if len(view.left_out) else after
    comparison = Comparison(view.counted, after)
    left.caption(words.plain(words.switched_off(comparison, is_tested=view.is_tested)))
    with before, st.container(key="matrix-whole", gap="xsmall"):
        _matrix(view, comparison, "before")
    with without, st.container(key="matrix-off", gap="xsmall"):
        _matrix(view, comparison, "after")


_SIDES = {"before": "The whole network", "after": "With these off"}


def _matrix(view: View, comparison: Comparison, side: Literal["before", "after"]) -> None:
    sides = {"before": comparison.before, "after": comparison.after}
    places = decimals([answers.accuracy for answers in sides.values()])
    st.caption(f"{_SIDES[side]}: {percent(sides[side].accuracy, places)} right")
    grid = confusion_grid(
        sides[side],
        class_names=view.class_names,
        display=MatrixDisplay(),
        most=fullest([*sides.values()], "counts"),
    )
    cell_grid(
        replace(grid, right=(), bottom=(), legend=None),
        chosen=None if view.chosen_cell == (None, None) else (*view.chosen_cell, ""),
        on_choose=lambda true, predicted, _: state.choose(true=true, predicted=predicted),
        key=f"grid-{side}",
    )


def _named(off: Off, stage: Stage) -> str:
    if len(off.channels) > MOST_NAMED:
        return f"{len(off.channels):,} channels of {stage.layer}"
    return f"{stage.layer} {', '.join(map(str, off.channels))}"
