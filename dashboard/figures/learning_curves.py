"""Loss or accuracy in the course of any number of trainings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

import plotly.graph_objects as go

from dashboard.figures.run_style import run_style
from dashboard.figures.template import QUIET, TEMPLATE
from mnist_core.learning_curves import smoothed, turning_point
from mnist_core.runs import Run

Measure = Literal["loss", "accuracy"]


@dataclass(frozen=True)
class CurveDisplay:
    """How learning curves are drawn.

    Attributes:
        splits: `train`, `validation` or both.
        logarithmic: Losses, and errors in place of accuracies, on a logarithmic axis.
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

    Where validation loss turns for the worse (see `turning_point`) stands an open triangle. Every
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
                figure.add_traces(_turn(run, display))
    figure.update_yaxes(title=_title(runs, measure, display), fixedrange=True)
    if measure == "accuracy":
        figure.update_yaxes(tickformat=".1%")
    if display.logarithmic:
        figure.update_yaxes(type="log", dtick="D2" if measure == "loss" else None)
    if display.minutes:
        figure.update_xaxes(title="Minutes of training", fixedrange=True, rangemode="tozero")
    else:
        figure.update_xaxes(title="Epoch", dtick=_step(runs), fixedrange=True)
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
        of_splits = [_values(run, measure, split, display) for split in display.splits]
        for record, values in zip(run.history, zip(*of_splits, strict=True), strict=True):
            said = ", ".join(
                f"{split} {_said(run, measure, value, display)}"
                for split, value in zip(display.splits, values, strict=True)
            )
            lines.setdefault(record.epoch, []).append(f"{run.name}: {said}")
    return {epoch: f"<b>Epoch {epoch}</b><br>{'<br>'.join(of)}" for epoch, of in lines.items()}


def _said(run: Run, measure: Measure, value: float, display: CurveDisplay) -> str:
    if measure == "accuracy":
        return f"{100 * value:.2f} % {'wrong' if display.logarithmic else 'right'}"
    return f"{value:.4f} {'hinge' if run.output == 'scores' else 'nats'}"


def _lines(
    run: Run, measure: Measure, display: CurveDisplay, compared: dict[int, str]
) -> list[go.Scatter]:
    lines = []
    for split in display.splits:
        values = _values(run, measure, split, display)
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


def _turn(run: Run, display: CurveDisplay) -> list[go.Scatter]:
    epoch = turning_point(run.history)
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
            hovertemplate=f"{run.name}: validation turns after epoch {epoch}<extra></extra>",
        )
    ]


def _values(run: Run, measure: Measure, split: str, display: CurveDisplay) -> list[float]:
    name = f"validation_{measure}" if split == "validation" else measure
    values = [getattr(record, name) for record in run.history]
    if measure == "accuracy" and display.logarithmic:
        return [1 - value for value in values]
    return values


def _places(run: Run, display: CurveDisplay) -> list[float]:
    if display.minutes:
        return [seconds / 60 for seconds in accumulate(record.seconds for record in run.history)]
    return [record.epoch for record in run.history]


def _title(runs: Sequence[Run], measure: Measure, display: CurveDisplay) -> str:
    if measure == "accuracy":
        return "Error rate" if display.logarithmic else "Accuracy"
    losses = {run.output for run in runs}
    if losses == {"scores"}:
        return "Hinge loss"
    return "Loss in nats (linear runs: hinge loss)" if "scores" in losses else "Loss in nats"


def _step(runs: Sequence[Run]) -> int:
    longest = max((len(run.history) for run in runs), default=1)
    return max(1, -(-longest // 12))
