"""Learning curves of the runs chosen; a click on a point chooses its checkpoint."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import loaders, nearest, state, words
from dashboard.figures.learning_curves import CurveDisplay, Measure, learning_curves_figure
from dashboard.figures.run_style import run_style
from mnist_core.runs import Run

_MARKS = {"circle": "●", "square": "■", "diamond": "◆", "cross": "✚"}
_MEASURES: tuple[Measure, Measure] = ("loss", "accuracy")


def learning_curves(runs: Sequence[Run]) -> None:
    """Draw the runs on shared axes under one legend; say whether the chosen one's loss rises."""
    selection = state.selection()
    chosen = (str(selection.run), int(selection.epoch or 0))
    _legend(runs)
    for column, measure in zip(st.columns(2, gap="medium"), _MEASURES, strict=True):
        with column:
            _chart(runs, measure, chosen)
    st.caption(
        "Solid: validation; dotted: train; ★ best epoch; ▽ validation loss rises from there. Click "
        "a point to look at its checkpoint."
    )
    for run in runs:
        if run.name == selection.run:
            st.caption(words.plain(words.validation_loss(run)))


def _legend(runs: Sequence[Run]) -> None:
    entries = "".join(
        f'<span><b style="color:{run_style(run.name).colour}">'
        f"{_MARKS[run_style(run.name).mark]}</b> {escape(run.name)}</span>"
        for run in runs
    )
    st.html(f'<div class="run-legend">{entries}</div>')


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


def _chart(runs: Sequence[Run], measure: Measure, chosen: tuple[str, int]) -> None:
    key = f"curves-{measure}-{chosen}"  # no old selection contradicts what is chosen
    st.plotly_chart(
        learning_curves_figure(runs, measure, chosen=chosen, display=display()),
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
    split = loaders.load_chosen_split(state.selection())
    if epoch in nearest.epochs_to_see(run, split):
        state.choose(run=name, epoch=int(epoch))
