"""Loss or accuracy in the course of any number of trainings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median
from typing import Literal

import plotly.graph_objects as go

from dashboard.figures.run_style import run_style
from dashboard.figures.template import QUIET, TEMPLATE
from mnist_core.learning_curves import smoothed, verdict
from mnist_core.runs import Run
from mnist_core.wording import decimals, percent

Measure = Literal["loss", "accuracy"]

_ERRORS = (0.9, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)
"""Shares of errors that the logarithmic axis of accuracies names; the last one is its end."""


@dataclass(frozen=True)
class CurveDisplay:
    """How learning curves are drawn.

    Attributes:
        splits: `train`, `validation` or both.
        logarithmic: Losses on a logarithmic axis, and accuracies on one that is so in the errors.
        minutes: Along the time of training instead of the epochs.
        smoothing: Weight of the epochs before, 0 to below 1; above 0 the raw line is drawn too.
    """

    splits: tuple[str, ...] = ("train", "validation")
    logarithmic: bool = False
    minutes: bool = False
    smoothing: float = 0.0


def learning_curves_figure(
    runs: Sequence[Run],
    measure: Measure,
    *,
    chosen: tuple[str, int] | None,
    display: CurveDisplay = CurveDisplay(),
    height: int = 330,
) -> go.Figure:
    """Train dotted, validation solid, the best epoch starred, the chosen one on a band.

    From where validation loss rises (see `verdict`) stands an open triangle. Every
    point carries the run's name and the epoch as `customdata`.

    Args:
        runs: Those shown; a run without a whole epoch has no line.
        measure: What is drawn.
        chosen: Run and epoch to mark.
        display: How it is drawn.
        height: Of the figure, in pixels.
    """
    figure = go.Figure(layout={"template": TEMPLATE, "height": height})
    compared = _by_epoch(runs, measure, display)
    for run in runs:
        if run.history:
            figure.add_traces(_lines(run, measure, display, compared))
            if measure == "loss" and "validation" in display.splits:
                figure.add_traces(_rise(run, display))
    figure.update_yaxes(title=_title(runs, measure), fixedrange=True)
    if display.logarithmic:
        losses = [10**power * step for power in range(-5, 3) for step in (1, 2, 5)]
        figure.update_yaxes(type="log", tickvals=losses, ticktext=[f"{loss:g}" for loss in losses])
    if measure == "accuracy":
        places = decimals(value for run in runs for value in _values(run, measure, "validation"))
        figure.update_yaxes(tickformat=f".{places}%")
    if measure == "accuracy" and display.logarithmic:
        # Drawn are the errors, upside down and under the name of what is left of 100 %.
        figure.update_yaxes(
            autorange="reversed",
            tickvals=list(_ERRORS),
            ticktext=[f"{100 * (1 - error):g}%" for error in _ERRORS],
        )
    if display.minutes:
        figure.update_xaxes(title="Minutes of training", fixedrange=True, rangemode="tozero")
    else:
        figure.update_xaxes(title="Epoch", tick0=1, dtick=_step(runs), fixedrange=True)
    shown = {run.name: run for run in runs}
    if chosen is not None and chosen[0] in shown:
        place = _places(shown[chosen[0]], display)[chosen[1] - 1]
        band = {"color": QUIET, "width": 8}
        figure.add_vline(x=place, line=band, opacity=0.35, layer="below")
    return figure


def _by_epoch(runs: Sequence[Run], measure: Measure, display: CurveDisplay) -> dict[int, str]:
    """What is said of all runs on hovering over any point of an epoch.

    Plotly's own comparison (`x unified`) hands a click on to whichever run is drawn last.
    """
    lines: dict[int, list[str]] = {}
    for run in runs:
        of_splits = [_values(run, measure, split) for split in display.splits]
        for record, values in zip(run.history, zip(*of_splits, strict=True), strict=True):
            said = ", ".join(
                f"{split} {_said(run, measure, value)}"
                for split, value in zip(display.splits, values, strict=True)
            )
            lines.setdefault(record.epoch, []).append(f"{run.name}: {said}")
    return {epoch: f"<b>Epoch {epoch}</b><br>{'<br>'.join(of)}" for epoch, of in lines.items()}


def _said(run: Run, measure: Measure, value: float) -> str:
    if math.isnan(value):
        return "unknown"
    if measure == "accuracy":
        return f"{percent(value, 2)} right"
    return f"{value:.4f} {'hinge' if run.output == 'scores' else 'nats'}"


def _lines(
    run: Run, measure: Measure, display: CurveDisplay, compared: dict[int, str]
) -> list[go.Scatter]:
    lines = []
    for split in display.splits:
        values = _values(run, measure, split)
        if measure == "accuracy" and display.logarithmic:
            values = [max(1 - value, _ERRORS[-1]) for value in values]
        if display.smoothing:
            raw = _line(run, split, values, display, compared)
            lines.append(raw.update(opacity=0.3, hoverinfo="skip"))
            values = smoothed(values, display.smoothing).tolist()
        lines.append(_line(run, split, values, display, compared))
    return lines


def _line(
    run: Run,
    split: str,
    values: Sequence[float],
    display: CurveDisplay,
    compared: dict[int, str],
) -> go.Scatter:
    is_validation, style = split == "validation", run_style(run.name)
    best = [is_validation and record.epoch == run.best_epoch for record in run.history]
    return go.Scatter(
        x=_places(run, display),
        y=values,
        name=run.name,
        mode="lines+markers",
        line={"color": style.colour, "dash": "solid" if is_validation else "dot", "width": 2},
        marker={
            "symbol": ["star" if at_best else style.mark for at_best in best],
            "size": [13 if at_best else 6 for at_best in best],
        },
        customdata=[[run.name, record.epoch] for record in run.history],
        hovertext=[
            compared[record.epoch].replace(f">{run.name}:", f"><b>{run.name}</b>:")
            for record in run.history
        ],
        hoverinfo="text",
    )


def _rise(run: Run, display: CurveDisplay) -> list[go.Scatter]:
    epoch = verdict(run.history).rises_from
    if epoch is None:
        return []
    mark = {"symbol": "triangle-down-open", "size": 15, "line": {"width": 2}}
    return [
        go.Scatter(
            x=[_places(run, display)[epoch - 1]],
            y=[run.history[epoch - 1].validation_loss],
            mode="markers",
            marker={**mark, "color": run_style(run.name).colour},
            customdata=[[run.name, epoch]],
            hovertemplate=f"{run.name}: {verdict(run.history)}<extra></extra>",
        )
    ]


def _values(run: Run, measure: Measure, split: str) -> list[float]:
    name = f"validation_{measure}" if split == "validation" else measure
    return [getattr(record, name) for record in run.history]


def _places(run: Run, display: CurveDisplay) -> list[float]:
    if display.minutes:
        known = [record.seconds for record in run.history if not math.isnan(record.seconds)]
        usual = median(known) if known else math.nan  # of an epoch that nobody timed
        seconds = (usual if math.isnan(r.seconds) else r.seconds for r in run.history)
        return [passed / 60 for passed in accumulate(seconds)]
    return [record.epoch for record in run.history]


def _title(runs: Sequence[Run], measure: Measure) -> str:
    if measure == "accuracy":
        return "Accuracy"
    losses = {run.output for run in runs}
    if losses == {"scores"}:
        return "Hinge loss"
    return "Loss in nats (linear runs: hinge loss)" if "scores" in losses else "Loss in nats"


def _step(runs: Sequence[Run]) -> int:
    longest = max((len(run.history) for run in runs), default=1)
    return max(1, -(-longest // 12))
