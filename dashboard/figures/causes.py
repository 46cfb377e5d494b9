"""How many errors have which cause."""

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.figures.template import ACCENT, TEMPLATE


def causes_figure(counts: Mapping[str, int], *, height: int = 240) -> go.Figure:
    """One bar for each cause, in the order given.

    Args:
        counts: Images by the name of their cause.
        height: Of the figure, in pixels.
    """
    bars = go.Bar(
        x=list(counts.values()),
        y=list(counts),
        orientation="h",
        marker_color=ACCENT,
        text=[f"{count:,}" for count in counts.values()],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,}<extra></extra>",
    )
    figure = go.Figure(bars, layout={"template": TEMPLATE, "height": height, "bargap": 0.35})
    figure.update_xaxes(title="Images", rangemode="tozero", tickformat=",d", fixedrange=True)
    figure.update_yaxes(title="Cause", autorange="reversed", showgrid=False, fixedrange=True)
    return figure
