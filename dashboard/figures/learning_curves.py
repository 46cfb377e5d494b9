"""Loss or accuracy over the epochs of any number of runs."""

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from dashboard.figures.run_colours import run_colours
from dashboard.figures.template import QUIET, TEMPLATE
from mnist_core.runs import Run

Measure = Literal["loss", "accuracy"]
_TITLES: dict[Measure, str] = {"loss": "Loss in nats", "accuracy": "Accuracy"}


def learning_curves_figure(
    runs: Sequence[Run], measure: Measure, *, chosen: tuple[str, int] | None, height: int = 330
) -> go.Figure:
    """Train dotted, validation solid, the best epoch starred, the chosen one on a band.

    Every point carries the run's name and the epoch as `customdata`.

    Args:
        runs: Those shown; a run without a whole epoch has no line.
        measure: What is drawn.
        chosen: Run and epoch to mark.
        height: Of the figure, in pixels.
    """
    colours = run_colours([run.name for run in runs])
    lines = [
        _line(run, measure, split, colours[run.name])
        for run in runs
        if run.history
        for split in ("train", "validation")
    ]
    figure = go.Figure(lines, layout={"template": TEMPLATE, "height": height})
    figure.update_layout(showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_xaxes(title="Epoch", dtick=_step(runs), fixedrange=True)
    figure.update_yaxes(title=_TITLES[measure], fixedrange=True)
    if measure == "accuracy":
        figure.update_yaxes(tickformat=".1%")
    if chosen is not None:
        figure.add_vline(
            x=chosen[1], line={"color": QUIET, "width": 8}, opacity=0.35, layer="below"
        )
    return figure


def _line(run: Run, measure: Measure, split: str, colour: str) -> go.Scatter:
    is_validation = split == "validation"
    name = f"validation_{measure}" if is_validation else measure
    is_best = [is_validation and record.epoch == run.best_epoch for record in run.history]
    shown = "%{y:.2%}" if measure == "accuracy" else "%{y:.4f} nats"
    return go.Scatter(
        x=[record.epoch for record in run.history],
        y=[getattr(record, name) for record in run.history],
        name=f"{run.name}, {split}",
        mode="lines+markers",
        line={"color": colour, "dash": "solid" if is_validation else "dot", "width": 2},
        marker={
            "symbol": ["star" if best else "circle" for best in is_best],
            "size": [13 if best else 7 for best in is_best],
        },
        customdata=[[run.name, record.epoch] for record in run.history],
        hovertemplate=f"{run.name}, epoch %{{x}}: {split} {shown}<extra></extra>",
    )


def _step(runs: Sequence[Run]) -> int:
    longest = max((len(run.history) for run in runs), default=1)
    return max(1, -(-longest // 12))
