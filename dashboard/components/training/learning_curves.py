"""Learning curves of the runs chosen; a click on a point chooses its checkpoint."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.training.curve_legend import curve_legend
from dashboard.components.training.display import TrainingDisplay
from dashboard.drawing import words
from dashboard.drawing.figures.curve_readings import Measure
from dashboard.drawing.figures.learning_curves import CurveDisplay, learning_curves_figure
from dashboard.drawing.figures.run_style import RunStyle
from dashboard.visit import state
from dashboard.visit.view import RunAndEpoch
from mnist_core.datasets import Split
from mnist_core.runs import Run
from mnist_core.runs.choosing import epochs_to_see

_MEASURES: tuple[Measure, Measure] = ("loss", "accuracy")


def learning_curves(
    runs: Sequence[Run],
    styles: Mapping[str, RunStyle],
    display: CurveDisplay,
    *,
    shown: RunAndEpoch,
    split: Split,
    alone: str | None,
) -> None:
    """Draw runs on shared axes under one legend; say whether the chosen one's loss rises.

    Args:
        runs: Those on the chart.
        styles: Of all runs, by name.
        display: How curves are drawn.
        shown: The run and epoch that are looked at.
        split: What is looked at; epochs without anything to show on it cannot be chosen.
        alone: Name of the only run that is drawn; `None` for all.
    """
    alone = alone if alone in {run.name for run in runs} else None
    drawn = [run for run in runs if alone in (None, run.name)]
    for column, measure in zip(st.columns(2, gap="medium"), _MEASURES, strict=True):
        with column, st.container(key=f"chart-{measure}"):
            _chart(drawn, measure, display, shown, styles, split)
    curve_legend(
        runs,
        styles,
        charts=[(f"chart-{measure}", measure) for measure in _MEASURES],
        splits=display.splits,
        alone=alone,
        on_choose=lambda name: state.choose(alone=name),
        key="curve-legend",
    )
    st.caption(
        "Solid: validation; dotted: train; ★ best epoch; ▽ validation loss rises from there. Click "
        "a point to look at its checkpoint."
    )
    for run in runs:
        if run.name == shown.run.name:
            st.caption(words.plain(words.validation_loss(run)))


def curve_display(chosen: TrainingDisplay) -> CurveDisplay:
    """How the visitor wants curves drawn."""
    return CurveDisplay(
        splits=("train", "validation") if chosen.lines == "both" else (chosen.lines,),
        logarithmic=chosen.scale == "logarithmic",
        minutes=chosen.along == "minutes",
        smoothing=chosen.smoothing / 10,
    )


def _chart(
    runs: Sequence[Run],
    measure: Measure,
    display: CurveDisplay,
    shown: RunAndEpoch,
    styles: Mapping[str, RunStyle],
    split: Split,
) -> None:
    chosen = (shown.run.name, shown.epoch)
    key = f"curves-{measure}-{chosen}"  # no old selection contradicts what is chosen
    st.plotly_chart(
        learning_curves_figure(
            runs, measure, styles=styles, chosen=chosen, display=display, is_labelled=False
        ),
        key=key,
        on_select=lambda: _choose(runs, split, key),
        selection_mode="points",
        config={"displayModeBar": False},
    )


def _choose(runs: Sequence[Run], split: Split, key: str) -> None:
    points = st.session_state[key].selection.points
    if not points:
        return
    name, epoch = points[0]["customdata"]
    run = next(run for run in runs if run.name == name)
    if epoch in epochs_to_see(run, split):
        state.choose(run=name, epoch=int(epoch))
