"""Loss or accuracy over the epochs of any number of runs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

import plotly.graph_objects as go

from dashboard.drawing.figures.curve_readings import Measure, reading, value_of
from dashboard.drawing.figures.run_style import RunStyle
from dashboard.drawing.figures.template import QUIET, TEMPLATE
from mnist_core.formatting import decimals
from mnist_core.runs import Run
from mnist_core.runs.learning_curves import smoothed, verdict

_ERRORS = (0.9, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)
"""Shares of errors that the logarithmic axis of accuracies names; the last one is its end."""

MARKS_A_LINE = 10
"""Epochs with a visible mark on a long line, about; all points can be chosen."""


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
    styles: Mapping[str, RunStyle],
    chosen: tuple[str, int] | None,
    display: CurveDisplay = CurveDisplay(),
    is_labelled: bool = True,
    height: int = 330,
) -> go.Figure:
    """Train dotted, validation solid, the best epoch starred, the chosen one on a band.

    From where validation loss rises (see `verdict`) stands an open triangle. Every point carries
    the run's name and the epoch as `customdata`, every line the run's name.

    Args:
        runs: Those shown; a run without a whole epoch has no line.
        measure: What is drawn.
        styles: How each run is drawn, by name.
        chosen: Run and epoch to mark.
        display: How it is drawn.
        is_labelled: Whether a point says on hover what it is; not where a legend does.
        height: Of the figure, in pixels.
    """
    figure = go.Figure(layout={"template": TEMPLATE, "height": height})
    for run in runs:
        if run.history:
            lines = _lines(run, measure, display, styles[run.name])
            if measure == "loss" and "validation" in display.splits:
                lines += _rise(run, display, styles[run.name])
            figure.add_traces(lines)
    if not is_labelled:
        figure.update_traces(hoverinfo="none", selector={"hoverinfo": "text"})
    figure.update_yaxes(title=_title(runs, measure), fixedrange=True)
    if display.logarithmic:
        losses = [10**power * step for power in range(-5, 3) for step in (1, 2, 5)]
        figure.update_yaxes(type="log", tickvals=losses, ticktext=[f"{loss:g}" for loss in losses])
    if measure == "accuracy":
        places = decimals(record.validation_accuracy for run in runs for record in run.history)
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
        figure.update_xaxes(title="Epoch", tick0=1, dtick=_step(runs), tickangle=0, fixedrange=True)
        figure.update_xaxes(autorangeoptions={"minallowed": 0})  # no epoch before the first
    shown = {run.name: run for run in runs}
    if chosen is not None and chosen[0] in shown:
        place = _places(shown[chosen[0]], display)[chosen[1] - 1]
        band = {"color": QUIET, "width": 8}
        figure.add_vline(x=place, line=band, opacity=0.35, layer="below")
    return figure


def _lines(run: Run, measure: Measure, display: CurveDisplay, style: RunStyle) -> list[go.Scatter]:
    lines = []
    for split in display.splits:
        values = [value_of(record, measure, split) for record in run.history]
        if measure == "accuracy" and display.logarithmic:
            values = [max(1 - value, _ERRORS[-1]) for value in values]
        if display.smoothing:
            raw = _line(run, measure, split, values, display, style)
            lines.append(raw.update(opacity=0.3, hoverinfo="skip"))
            values = smoothed(values, display.smoothing).tolist()
        lines.append(_line(run, measure, split, values, display, style))
    return lines


def _line(
    run: Run,
    measure: Measure,
    split: str,
    values: Sequence[float],
    display: CurveDisplay,
    style: RunStyle,
) -> go.Scatter:
    is_validation = split == "validation"
    best = [is_validation and record.epoch == run.best_epoch for record in run.history]
    size, every = 7 if is_validation else 5, -(-len(run.history) // MARKS_A_LINE)
    return go.Scatter(
        x=_places(run, display),
        y=values,
        name=run.name,
        mode="lines+markers",
        line={"color": style.colour, "dash": "solid" if is_validation else "dot", "width": 1.75},
        marker={
            "symbol": ["star" if at_best else style.mark for at_best in best],
            "size": [
                11 if at_best else size * (place % every == 0) for place, at_best in enumerate(best)
            ],
            "opacity": 1,
            "line": {"width": 1.5 if "open" in style.mark else 0, "color": style.colour},
        },
        customdata=[[run.name, record.epoch] for record in run.history],
        hovertext=[
            f"{run.name}, epoch {record.epoch}: {reading(record, measure, [split], run.output)}"
            for record in run.history
        ],
        hoverinfo="text",
    )


def _rise(run: Run, display: CurveDisplay, style: RunStyle) -> list[go.Scatter]:
    epoch = verdict(run.history).rises_from
    if epoch is None:
        return []
    mark = {"symbol": "triangle-down-open", "size": 12, "line": {"width": 2}}
    return [
        go.Scatter(
            x=[_places(run, display)[epoch - 1]],
            y=[run.history[epoch - 1].validation_loss],
            name=run.name,
            mode="markers",
            marker={**mark, "color": style.colour},
            customdata=[[run.name, epoch]],
            hovertext=[f"{run.name}: {verdict(run.history)}"],
            hoverinfo="text",
        )
    ]


def _places(run: Run, display: CurveDisplay) -> list[float]:
    if display.minutes:
        known = [record.seconds for record in run.history if not math.isnan(record.seconds)]
        usual = median(known) if known else math.nan  # for epochs without a time
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
    return max(1, -(-longest // 6))  # few enough for half a small window
