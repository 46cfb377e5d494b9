"""Learning curves of the runs chosen; a click on a point chooses its checkpoint."""

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.figures.learning_curves import Measure, learning_curves_figure
from mnist_core.runs import Run

_RUNS = "curves-runs"
_MEASURES: tuple[Measure, Measure] = ("loss", "accuracy")


def chosen_curves(runs: Sequence[Run]) -> list[Run]:
    """Let the visitor choose among the runs with a history; all of them at first."""
    names = [run.name for run in runs]
    wanted = state.selection().curves
    shown = names if wanted is None else [name for name in names if name in wanted.split(",")]
    st.session_state[_RUNS] = shown
    st.multiselect(
        "Runs on the chart",
        names,
        key=_RUNS,
        on_change=lambda: state.choose(curves=",".join(st.session_state[_RUNS])),
    )
    return [run for run in runs if run.name in shown]


def learning_curves(runs: Sequence[Run]) -> None:
    """Draw the runs on shared axes."""
    selection = state.selection()
    shown = selection.run in [run.name for run in runs]
    chosen = (str(selection.run), int(selection.epoch or 0)) if shown else None
    for column, measure in zip(st.columns(2, gap="medium"), _MEASURES, strict=True):
        with column:
            _chart(runs, measure, chosen)


def _chart(runs: Sequence[Run], measure: Measure, chosen: tuple[str, int] | None) -> None:
    key = f"curves-{measure}-{chosen}"  # no old selection contradicts what is chosen
    st.plotly_chart(
        learning_curves_figure(runs, measure, chosen=chosen),
        key=key,
        on_select=lambda: _choose(runs, key),
        selection_mode="points",
        config={"displayModeBar": False},
    )


def _choose(runs: Sequence[Run], key: str) -> None:
    points = st.session_state[key].selection.points
    if not points:
        return
    name, epoch = points[0]["customdata"]
    run = next(run for run in runs if run.name == name)
    if any(checkpoint.epoch == epoch for checkpoint in run.checkpoints):
        state.choose(run=name, epoch=int(epoch))
