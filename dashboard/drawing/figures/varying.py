"""What a model answers along one way of changing an image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.figures.template import PALETTE, QUIET, TEMPLATE
from mnist_core.answers.evaluation import Output
from mnist_core.formatting import answer

LEADING = 0.1
"""A class is drawn that reaches this share of what lies between the least and the most answer."""

MOST_DRAWN = 4


def varying_figure(
    amounts: np.ndarray,
    outputs: np.ndarray,
    *,
    now: float,
    unit: str,
    class_names: Sequence[str],
    output: Output,
    height: int = 150,
) -> go.Figure:
    """A line for each class that leads somewhere, named where it is highest.

    Args:
        amounts: Of what is changed, ascending. Shape `(n,)`.
        outputs: Answers to each. `float32`, shape `(n, n_classes)`.
        now: Where it stands now.
        unit: Of the amounts, in words.
        class_names: Name of each class.
        output: What is answered.
        height: Of the figure, in pixels.
    """
    figure = go.Figure(layout={"template": TEMPLATE, "height": height, "showlegend": False})
    least, most = float(outputs.min()), float(outputs.max())
    tops = outputs.max(axis=0)
    drawn = [
        label
        for label in np.argsort(-tops)[:MOST_DRAWN]
        if tops[label] > least + LEADING * (most - least)
    ]
    for label in sorted(drawn):
        name, values = class_names[label], outputs[:, label]
        texts = [f"{name}: {answer(float(value), output)}" for value in values]
        figure.add_scatter(
            x=amounts,
            y=values,
            mode="lines",
            line={
                "color": PALETTE[label % len(PALETTE)],
                "dash": "solid" if label < len(PALETTE) else "dash",
            },
            text=texts,
            hovertemplate=f"%{{x:.1f}} {unit}<br>%{{text}}<extra></extra>",
        )
        at = int(values.argmax())
        figure.add_annotation(
            x=amounts[at], y=values[at], text=name, showarrow=False, yshift=9, font={"size": 12}
        )
    figure.add_vline(now, line={"color": QUIET, "width": 1, "dash": "dot"})
    figure.update_xaxes(title=unit, showgrid=False, fixedrange=True)
    is_share = output == "probabilities"
    figure.update_yaxes(
        fixedrange=True,
        range=[-0.02, 1.18] if is_share else None,
        tickformat=".0%" if is_share else None,
        tickvals=[0, 0.5, 1] if is_share else None,
    )
    figure.update_layout(margin={"t": 4, "b": 4, "l": 4, "r": 8})
    return figure
