"""How well confidence matches accuracy."""

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.figures.template import ACCENT, QUIET, TEMPLATE
from mnist_core.answers.calibration import Calibration
from mnist_core.formatting import accuracy, decimals, percent
from mnist_core.statistics import wilson_interval


def reliability_figure(calibration: Calibration, *, height: int = 330) -> go.Figure:
    """Accuracy over confidence, a point with its 95 % interval for each bin, beside the diagonal.

    Args:
        calibration: The bins.
        height: Of the figure, in pixels.
    """
    intervals = np.array(
        [
            wilson_interval(round(share * count), int(count))
            for share, count in zip(calibration.accuracy, calibration.count, strict=True)
        ]
    )
    places = decimals([*calibration.confidence, *calibration.accuracy])
    hover = [
        f"{count:,} {'image' if count == 1 else 'images'}: mean confidence "
        f"{percent(sure, places)}, {accuracy(right, ends, places)}"
        for count, sure, right, ends in zip(
            calibration.count, calibration.confidence, calibration.accuracy, intervals, strict=True
        )
    ]
    figure = go.Figure(layout={"template": TEMPLATE, "height": height})
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": QUIET, "dash": "dot"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=calibration.confidence,
        y=calibration.accuracy,
        mode="lines+markers",
        line={"color": ACCENT, "width": 2},
        marker={"size": 7},
        error_y={
            "array": intervals[:, 1] - calibration.accuracy,
            "arrayminus": calibration.accuracy - intervals[:, 0],
            "width": 3,
            "thickness": 1,
        },
        hovertext=hover,
        hoverinfo="text",
    )
    figure.update_xaxes(
        title="Confidence", tickformat=".0%", range=[-0.02, 1.02], fixedrange=True, showgrid=False
    )
    figure.update_yaxes(title="Accuracy", tickformat=".0%", range=[0, 1.04], fixedrange=True)
    return figure
