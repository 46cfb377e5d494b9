"""Learning curves of the runs chosen; a click on a point chooses its checkpoint."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.training.curve_legend import curve_legend
from dashboard.drawing import words
from dashboard.drawing.figures.curve_readings import Measure
from dashboard.drawing.figures.learning_curves import CurveDisplay, learning_curves_figure
from dashboard.drawing.figures.run_style import RunStyle, run_styles
from dashboard.loading.images import load_chosen_split
from dashboard.loading.run_list import list_runs
from dashboard.visit import repair, state
from mnist_core.runs import Run

_MEASURES: tuple[Measure, Measure] = ("loss", "accuracy")


def learning_curves(runs: Sequence[Run]) -> None:
    """Draw the runs on shared axes under one legend; say whether the chosen one's loss rises."""
    selection = state.selection()
    chosen = (str(selection.run), int(selection.epoch or 0))
    styles = run_styles(list_runs())
    alone = selection.alone if selection.alone in {run.name for run in runs} else None
    drawn = [run for run in runs if alone in (None, run.name)]
    for column, measure in zip(st.columns(2, gap="medium"), _MEASURES, strict=True):
        with column, st.container(key=f"chart-{measure}"):
            _chart(drawn, measure, chosen, styles)
    curve_legend(
        runs,
        styles,
        charts=[(f"chart-{measure}", measure) for measure in _MEASURES],
        splits=display().splits,
        alone=alone,
        on_choose=lambda name: state.choose(alone=name),
        key="curve-legend",
    )
    st.caption(
        "Solid: validation; dotted: train; ★ best epoch; ▽ validation loss rises from there. Click "
        "a point to look at its checkpoint."
    )
    for run in runs:
        if run.name == selection.run:
            st.caption(words.plain(words.validation_loss(run)))


def display() -> CurveDisplay:
    """How the visitor wants curves drawn."""
    selection = state.selection()
    both = ("train", "validation")
    return CurveDisplay(
        splits=both if selection.lines == "both" else (selection.lines,),
        logarithmic=selection.scale == "logarithmic",
        minutes=selection.along == "minutes",
        smoothing=selection.smoothing / 10,
    )


def _chart(
    runs: Sequence[Run], measure: Measure, chosen: tuple[str, int], styles: Mapping[str, RunStyle]
) -> None:
    key = f"curves-{measure}-{chosen}"  # no old selection contradicts what is chosen
    st.plotly_chart(
        learning_curves_figure(
            runs, measure, styles=styles, chosen=chosen, display=display(), is_labelled=False
        ),
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
    split = load_chosen_split(state.selection())
    if epoch in repair.epochs_to_see(run, split):
        state.choose(run=name, epoch=int(epoch))
