"""How well confidence matches accuracy, and how many images each part of the chart is about."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.drawing.figures.share_axis import LAST_TICK, ShareAxis
from dashboard.drawing.figures.template import ACCENT, GRID, QUIET, TEMPLATE
from mnist_core import formatting
from mnist_core.answers.calibration import Calibration
from mnist_core.formatting import decimals, percent
from mnist_core.statistics import wilson_interval

OUTSIDE = "#D55E00"
"""Of what no perfectly calibrated model is likely to show; its mark is another one, too."""

EDGES = (0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997, 0.9999, 1)
"""Bins for a stretched axis, about as wide there as each other: the odds grow threefold."""


def reliability_figure(
    calibration: Calibration,
    *,
    band: np.ndarray | None = None,
    is_stretched: bool = False,
    height: int = 330,
) -> go.Figure:
    """Accuracy over confidence, a point for each bin, and beneath it how many images it has.

    Args:
        calibration: The bins.
        band: Lowest and highest accuracy of a perfectly calibrated model in each bin, 0–1; points
            outside have a mark of their own. `float64`, shape `(bins, 2)`. `None` where chance
            cannot be spoken of.
        is_stretched: Both axes in the log-odds, for bins with the edges `EDGES`.
        height: Of the figure, in pixels.
    """
    axis = ShareAxis(is_stretched)
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=[0.76, 0.24], vertical_spacing=0.05
    )
    figure.update_layout(template=TEMPLATE, height=height, bargap=0, margin_r=LAST_TICK)
    lower, upper = axis.places(calibration.edges).T
    diagonal = axis.places(np.array([0, 1]))
    quiet = {"color": QUIET, "dash": "dot"}
    figure.add_scatter(x=diagonal, y=diagonal, mode="lines", line=quiet, hoverinfo="skip")
    if band is not None:
        figure.add_trace(_band(band, lower, upper, axis))
    figure.add_trace(_points(calibration, band, axis))
    # Bins of an even axis are too narrow for their numbers, which stand upright there.
    figure.add_trace(_counts(calibration, lower, upper), row=2, col=1)
    figure.update_traces(textangle=0 if is_stretched else -90, selector={"type": "bar"})
    room = 3 if is_stretched else 40
    low, high = (0.0, 1.0) if not is_stretched else _ends(calibration.edges)
    figure.update_xaxes(axis.layout(low, high), showgrid=False)
    figure.update_xaxes(title="Confidence", row=2, col=1)
    shown = calibration.accuracy if band is None else np.append(band, calibration.accuracy)
    low, high = (0.0, 1.0) if not is_stretched else _ends(np.append(shown, (low, high)))
    figure.update_yaxes(axis.layout(low, high), title="Accuracy", row=1, col=1)
    figure.update_yaxes(
        title="Images",
        type="log",
        range=[0, np.log10(room * calibration.count.max())],
        row=2,
        col=1,
    )
    figure.update_yaxes(
        tickvals=[1, 100, 10_000], ticktext=["1", "100", "10k"], fixedrange=True, row=2, col=1
    )
    return figure


def _ends(shares: np.ndarray) -> tuple[float, float]:
    """The nearest edges of bins that all shares lie between."""
    edges = np.array(EDGES)
    return float(edges[edges <= shares.min()][-1]), float(edges[edges >= shares.max()][0])


def _band(band: np.ndarray, lower: np.ndarray, upper: np.ndarray, axis: ShareAxis) -> go.Bar:
    low, high = axis.places(band).T
    return go.Bar(
        x=(lower + upper) / 2,
        width=upper - lower,
        base=low,
        y=high - low,
        marker={"color": QUIET, "opacity": 0.45, "line": {"width": 0}},
        hoverinfo="skip",
        name="perfectly calibrated",
    )


def _points(calibration: Calibration, band: np.ndarray | None, axis: ShareAxis) -> go.Scatter:
    outside = is_outside(calibration, band)
    return go.Scatter(
        x=axis.places(calibration.confidence),
        y=axis.places(calibration.accuracy),
        mode="lines+markers",
        line={"color": ACCENT, "width": 1},
        marker={
            "opacity": 1,
            "size": [11 if beyond else 8 for beyond in outside],
            "symbol": ["diamond" if beyond else "circle" for beyond in outside],
            "color": [OUTSIDE if beyond else ACCENT for beyond in outside],
        },
        cliponaxis=False,
        hovertext=_hover(calibration, band, outside),
        hoverinfo="text",
    )


def _counts(calibration: Calibration, lower: np.ndarray, upper: np.ndarray) -> go.Bar:
    return go.Bar(
        x=(lower + upper) / 2,
        width=upper - lower,
        y=calibration.count,
        marker={"color": ACCENT, "opacity": 0.75, "line": {"width": 1, "color": GRID}},
        text=[f"{count:,}" for count in calibration.count],
        textposition="outside",
        textfont={"size": 10},
        constraintext="none",
        cliponaxis=False,
        hovertext=[
            f"{_images(count)} with {_between(*edges)} confidence"
            for count, edges in zip(calibration.count, calibration.edges, strict=True)
        ],
        hoverinfo="text",
    )


def is_outside(calibration: Calibration, band: np.ndarray | None) -> np.ndarray:
    """Whether each bin lies outside the band. `bool`, shape `(bins,)`."""
    if band is None:
        return np.zeros(len(calibration.count), bool)
    return (calibration.accuracy < band[:, 0]) | (calibration.accuracy > band[:, 1])


def _hover(
    calibration: Calibration, band: np.ndarray | None, outside: Sequence[bool] | np.ndarray
) -> list[str]:
    places = decimals([*calibration.confidence, *calibration.accuracy])
    said = []
    for place, count in enumerate(calibration.count):
        sure, right = calibration.confidence[place], calibration.accuracy[place]
        wrong = round((1 - right) * count)
        about = f"{_images(count)}: mean confidence {percent(sure, places)}"
        if band is None:
            said.append(f"{about}, {percent(right, places)} right")
            continue
        ends = wilson_interval(count - wrong, int(count))
        fewest, most = (round((1 - end) * count) for end in band[place][::-1])
        expected = f"{fewest:,}" if fewest == most else f"{fewest:,}–{most:,}"
        said.append(
            f"{about}, {formatting.accuracy(right, ends, places)}<br>"
            f"{wrong:,} wrong; {expected} if every confidence were true"
            f"{', so outside the band' if outside[place] else ''}"
        )
    return said


def _images(count: int) -> str:
    return f"{count:,} image{'' if count == 1 else 's'}"


def _between(low: float, high: float) -> str:
    return f"{100 * low:g}–{100 * high:g} %"
