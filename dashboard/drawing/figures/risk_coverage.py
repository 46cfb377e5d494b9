"""How often answers are wrong against how many are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.figures.share_axis import LAST_TICK, ShareAxis
from dashboard.drawing.figures.template import QUIET, TEMPLATE
from dashboard.drawing.words.confidence import threshold as in_words
from mnist_core.answers.risk_coverage import RiskCoverage
from mnist_core.formatting import percent
from mnist_core.statistics import wilson_interval

MOST_POINTS = 400
"""Of a curve that are drawn; more lie within a pixel of each other."""


@dataclass(frozen=True, eq=False)
class Line:
    """A curve and how it is drawn.

    Attributes:
        name: What the legend calls it; none where it is alone.
        curve: Risk and coverage of each threshold.
        colour: As `#rrggbb`.
        dash: Plotly's name of the kind of line.
    """

    name: str
    curve: RiskCoverage
    colour: str
    dash: str = "solid"


def risk_coverage_figure(
    lines: Sequence[Line],
    *,
    threshold: float,
    proposed: float | None,
    target: float,
    is_tested: bool = True,
    is_stretched: bool = False,
    height: int = 300,
) -> go.Figure:
    """Error rate of the answers over the share of images answered; fewer answers to the left.

    Args:
        lines: The curve on show first.
        threshold: The chosen one, 0–1, marked on the first curve with its 95 % interval.
        proposed: Another one that is marked, open; `None` where it is the same or there is none.
        target: Error rate that is asked for, a dotted line, 0–1.
        is_tested: Whether chance can be spoken of, so that there is an interval.
        is_stretched: The shares answered in the log-odds.
        height: Of the figure, in pixels.
    """
    first = lines[0].curve
    axis = ShareAxis(is_stretched, margin=0.4 / first.n)
    figure = go.Figure(layout={"template": TEMPLATE, "height": height})
    figure.add_hline(
        y=target,
        line={"color": QUIET, "dash": "dot"},
        annotation={"text": f"target {100 * target:g} %", "font": {"size": 11}},
        annotation_position="top left",
    )
    for line in reversed(lines):  # the first on top
        figure.add_trace(_curve(line, axis))
    for where, symbol in ((proposed, "circle-open"), (threshold, "circle")):
        if where is not None and first.at(where)[0]:
            figure.add_trace(_mark(lines[0], axis, where, symbol, is_tested=is_tested))
    start = 0.1 if is_stretched else 0.0
    figure.update_xaxes(axis.layout(start, 1.0), title="Share of images answered", showgrid=False)
    # Among the first few answers a single mistake is a large share.
    shown = [line.curve.risk[line.curve.coverage >= 0.2].max(initial=0) for line in lines]
    answered, errors = first.at(threshold)
    top = 1.18 * max(*shown, target, errors / max(answered, 1))
    figure.update_yaxes(
        title="Wrong among answers",
        range=[-0.04 * top, top],
        tickformat=",.2~%",
        fixedrange=True,
    )
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "reversed"}
    figure.update_layout(showlegend=len(lines) > 1, legend=legend, margin_r=LAST_TICK)
    return figure


def _curve(line: Line, axis: ShareAxis) -> go.Scatter:
    curve = line.curve
    x = axis.places(curve.coverage)
    kept = np.unique(np.searchsorted(x, np.linspace(x[0], x[-1], MOST_POINTS)))
    return go.Scatter(
        x=x[kept],
        y=curve.risk[kept],
        mode="lines" if len(kept) > 1 else "markers",
        name=line.name,
        line={"color": line.colour, "width": 2, "dash": line.dash},
        hovertext=[_hover(curve, point, line.name) for point in kept],
        hoverinfo="text",
    )


def _hover(curve: RiskCoverage, point: int, name: str) -> str:
    head = f"{name}<br>" if name else ""
    return (
        f"{head}from {in_words(float(curve.confidence[point]))} confidence on: "
        f"{curve.answered[point]:,} answered ({percent(curve.coverage[point])}), "
        f"{curve.errors[point]:,} wrong ({percent(curve.risk[point], 2)})"
    )


def _mark(
    line: Line, axis: ShareAxis, threshold: float, symbol: str, *, is_tested: bool
) -> go.Scatter:
    answered, errors = line.curve.at(threshold)
    risk, mark = errors / answered, {"size": 12, "symbol": symbol, "color": line.colour}
    low, high = wilson_interval(errors, answered)
    interval = {"array": [high - risk], "arrayminus": [risk - low], "color": line.colour}
    is_chosen = symbol == "circle"
    said = "chosen" if is_chosen else "proposed"
    return go.Scatter(
        x=[axis.place(answered / line.curve.n)],
        y=[risk],
        error_y=interval if is_chosen and is_tested else None,
        mode="markers",
        marker=mark | {"line": {"width": 2, "color": line.colour}},
        showlegend=False,
        hovertext=[
            f"{said} threshold {in_words(threshold)}: {answered:,} answered, {errors:,} wrong"
        ],
        hoverinfo="text",
    )
