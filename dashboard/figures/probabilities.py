"""The probability of every class for one image."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.template import ACCENT, QUIET, TEMPLATE


def probabilities_figure(
    y_prob: np.ndarray, *, class_names: Sequence[str], true: int | None, height: int = 240
) -> go.Figure:
    """One bar per class; the predicted class in the accent colour, the true one marked by name.

    Args:
        y_prob: Probabilities, 0–1. `float32`, shape `(n_classes,)`.
        class_names: Name of each class.
        true: The true class, where it is known.
        height: Of the figure, in pixels.
    """
    predicted = int(y_prob.argmax())
    places = list(range(len(class_names)))
    names = [
        f"<b>true {class_names[place]}</b>" if place == true else class_names[place]
        for place in places
    ]
    texts = [f"{100 * p:.1f} %" if p >= 0.0005 else "" for p in y_prob]
    hover = [f"{name}: {100 * p:.3g} %" for name, p in zip(class_names, y_prob, strict=True)]
    colours = [ACCENT if label == predicted else QUIET for label in places]
    bars = go.Bar(
        x=y_prob,
        y=places,
        orientation="h",
        marker_color=colours,
        text=texts,
        textposition="outside",
        cliponaxis=False,
        hovertext=hover,
        hoverinfo="text",
    )
    figure = go.Figure(bars, layout={"template": TEMPLATE, "height": height, "bargap": 0.25})
    figure.update_xaxes(
        range=[0, 1.18],
        tickvals=[0, 0.5, 1],
        tickformat=".0%",
        title="Probability",
        fixedrange=True,
    )
    figure.update_yaxes(
        autorange="reversed",
        title="Class",
        fixedrange=True,
        showgrid=False,
        tickvals=places,
        ticktext=names,
    )
    return figure
