"""How many errors have which cause."""

from collections.abc import Mapping
from html import escape

import plotly.graph_objects as go

from dashboard.drawing.figures.template import ACCENT, TEMPLATE


def causes_figure(counts: Mapping[str, int]) -> go.Figure:
    """One bar for each cause, in the order given; the more causes, the higher.

    Args:
        counts: Images by the name of their cause, which may be any text.
    """
    bars = go.Bar(
        x=list(counts.values()),
        y=[escape(cause, quote=False) for cause in counts],
        orientation="h",
        marker_color=ACCENT,
        text=[f"{count:,}" for count in counts.values()],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,}<extra></extra>",
    )
    height = max(240, 80 + 32 * len(counts))
    figure = go.Figure(bars, layout={"template": TEMPLATE, "height": height, "bargap": 0.35})
    figure.update_xaxes(title="Images", rangemode="tozero", tickformat=",d", fixedrange=True)
    figure.update_yaxes(title="Cause", autorange="reversed", showgrid=False, fixedrange=True)
    if max(counts.values(), default=0) < 10:
        figure.update_xaxes(dtick=1)  # there are no half images
    figure.update_yaxes(type="category")  # own words may look like numbers or dates
    return figure
