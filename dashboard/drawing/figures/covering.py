"""What a model answers while an image is covered, or uncovered, in the order of a map."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.figures.share_axis import LAST_TICK
from dashboard.drawing.figures.template import QUIET, TEMPLATE


def covering_figure(
    share: np.ndarray,
    curve: np.ndarray,
    at_random: np.ndarray,
    *,
    x_title: str,
    y_title: str,
    colour: str,
    height: int = 240,
) -> go.Figure:
    """The curve of a map on the band of random orders.

    Args:
        share: Of the pixels, 0–1. Shape `(points,)`.
        curve: Answers in the order of the map. Shape `(points,)`.
        at_random: Answers in random orders. Shape `(orders, points)`.
        x_title: What the shares are of.
        y_title: What is answered.
        colour: Of the curve, as `#rrggbb`.
        height: Of the figure, in pixels.
    """
    figure = go.Figure(layout={"template": TEMPLATE, "height": height, "showlegend": False})
    low, high = at_random.min(axis=0), at_random.max(axis=0)
    figure.add_scatter(
        x=np.concatenate([share, share[::-1]]),
        y=np.concatenate([low, high[::-1]]),
        fill="toself",
        mode="none",
        fillcolor="rgba(128,128,128,0.22)",
        hoverinfo="skip",
    )
    hover = "%{x:.0%} of the pixels: %{y:.3g}"
    for name, values, line in (
        (f"mean of {len(at_random)} random orders", at_random.mean(axis=0), {"color": QUIET}),
        ("in the order of the map", curve, {"color": colour, "width": 2.5}),
    ):
        figure.add_scatter(
            x=share,
            y=values,
            mode="lines",
            line=line,
            hovertemplate=f"{name}<br>{hover}<extra></extra>",
        )
    figure.update_xaxes(title=x_title, tickformat=".0%", range=[0, 1], showgrid=False)
    figure.update_yaxes(title=y_title, fixedrange=True)
    figure.update_layout(margin_r=LAST_TICK)
    return figure
