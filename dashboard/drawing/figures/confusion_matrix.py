"""A confusion matrix: rows true, columns predicted, with counts, shares and their intervals."""

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing import words
from dashboard.drawing.figures.template import QUIET, TEMPLATE
from dashboard.drawing.matrix_cells import Shown, cell_texts, cell_values
from dashboard.drawing.matrix_colours import INK, cell_levels, colour_bar


def confusion_matrix_figure(
    matrix: np.ndarray,
    *,
    class_names: Sequence[str],
    display: Shown = "counts",
    logarithmic: bool = True,
    height: int = 480,
) -> go.Figure:
    """Draw a matrix; hovering over a cell says its count, its shares and their 95 % intervals.

    Args:
        matrix: Images by true class (rows) and predicted class (columns). Integers ≥ 0, square.
        class_names: Of rows and columns.
        display: What the cells say and are coloured by.
        logarithmic: Whether colours go by the logarithm.
        height: Of the figure, in pixels.
    """
    names = [escape(name, quote=False) for name in class_names]
    places = list(range(len(names)))
    values = cell_values(matrix, display)
    ink = go.Heatmap(
        x=places,
        y=places,
        z=cell_levels(values, display, logarithmic=logarithmic),
        zmin=0,
        zmax=1,
        colorscale=INK,
        xgap=1,
        ygap=1,
        hovertext=_hover(matrix, names),
        hoverinfo="text",
        colorbar=colour_bar(values, display, logarithmic=logarithmic),
    )
    figure = go.Figure(ink, layout={"template": TEMPLATE, "height": height})
    # Letters of a trace of their own have the page's colour of text; a heatmap's would not.
    figure.add_scatter(
        x=places * len(places),
        y=np.repeat(places, len(places)).tolist(),
        text=[escape(text, quote=False) for row in cell_texts(matrix, display) for text in row],
        mode="text",
        textfont={"size": 12},
        hoverinfo="skip",
    )
    for place in places:
        edges = {"x0": place - 0.5, "x1": place + 0.5, "y0": place - 0.5, "y1": place + 0.5}
        figure.add_shape(type="rect", **edges, line={"color": QUIET, "width": 1})
    axis = {
        "tickvals": places,
        "ticktext": names,
        "ticks": "",
        "showgrid": False,
        "fixedrange": True,
    }
    end = len(places) - 0.5
    figure.update_xaxes(title="Predicted class", side="top", range=[-0.5, end], **axis)
    figure.update_yaxes(title="True class", range=[end, -0.5], **axis)
    return figure


def _hover(matrix: np.ndarray, names: Sequence[str]) -> list[list[str]]:
    of_true, of_predicted = matrix.sum(axis=1), matrix.sum(axis=0)
    return [
        [
            f"<b>{count:,} {'image' if count == 1 else 'images'} of {true} "
            f"{'predicted right' if t == p else f'predicted as {predicted}'}</b><br>"
            f"{_of(count, of_true[t])} images of {true}<br>"
            f"{_of(count, of_predicted[p])} predicted as {predicted}"
            for p, (predicted, count) in enumerate(zip(names, row, strict=True))
        ]
        for t, (true, row) in enumerate(zip(names, matrix, strict=True))
    ]


def _of(count: int, whole: int) -> str:
    return f"{words.share_of(int(count), int(whole))} of {whole:,}" if whole else "none of 0"
