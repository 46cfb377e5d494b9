"""One image as its 784 grey levels."""

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.figures.template import TEMPLATE
from mnist_core.image_size import SIDE

# Transparent ink on either paper; the numbers stand on their own above half ink.
_INK = [[0, "rgba(128,136,140,0)"], [1, "rgba(42,154,163,1)"]]


def pixel_values_figure(image: np.ndarray, *, side: int = 560) -> go.Figure:
    """Every pixel with its grey level, row 0 at the top.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        side: Width and height of the figure, in pixels.
    """
    heatmap = go.Heatmap(
        z=image,
        text=np.where(image > 0, image.astype(str), ""),
        texttemplate="%{text}",
        textfont={"size": 8},
        colorscale=_INK,
        zmin=0,
        zmax=255,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="row %{y}, column %{x}: grey level %{z}<extra></extra>",
    )
    figure = go.Figure(heatmap, layout={"template": TEMPLATE, "height": side})
    ticks = list(range(0, SIDE, 3))
    figure.update_xaxes(
        title="Column", tickvals=ticks, showgrid=False, constrain="domain", fixedrange=True
    )
    figure.update_yaxes(
        title="Row",
        tickvals=ticks,
        autorange="reversed",
        showgrid=False,
        scaleanchor="x",
        fixedrange=True,
    )
    return figure
