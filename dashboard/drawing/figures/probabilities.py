"""What a model gives to every class for one image: probabilities, or scores."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.figures.template import ACCENT, QUIET, TEMPLATE
from mnist_core.answers.evaluation import Output
from mnist_core.formatting import decimals, percent


def probabilities_figure(
    y_prob: np.ndarray,
    *,
    class_names: Sequence[str],
    true: int | None,
    output: Output = "probabilities",
    height: int = 240,
) -> go.Figure:
    """One bar per class; the predicted class in the accent colour, the true one marked by name.

    Args:
        y_prob: Probabilities, 0–1, or scores. `float32`, shape `(n_classes,)`.
        class_names: Name of each class.
        true: The true class, where it is known.
        output: Which of the two it is.
        height: Of the figure, in pixels.
    """
    predicted = int(y_prob.argmax())
    places = list(range(len(class_names)))
    names = [
        f"<b>true {class_names[place]}</b>" if place == true else class_names[place]
        for place in places
    ]
    if output == "probabilities":
        shares = y_prob.astype(float).tolist()
        said = [percent(share, decimals(shares)) for share in shares]
        texts = [text if share >= 0.0005 else "" for text, share in zip(said, shares, strict=True)]
        hover = [f"{name}: {text}" for name, text in zip(class_names, said, strict=True)]
    else:
        texts = [f"{score:.2f}" for score in y_prob]
        hover = [f"{name}: score {s:.3f}" for name, s in zip(class_names, y_prob, strict=True)]
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
    if output == "probabilities":
        figure.update_xaxes(range=[0, 1.35], tickvals=[0, 0.5, 1], tickformat=".0%")
        figure.update_xaxes(title="Probability", fixedrange=True)
    else:
        # Room for the numbers at the ends of the bars, on both sides of zero.
        low, high = min(float(y_prob.min()), 0.0), max(float(y_prob.max()), 0.0)
        room = 0.2 * max(high - low, 1e-9)
        figure.update_xaxes(range=[low - room, high + room], zeroline=True, zerolinecolor=QUIET)
        figure.update_xaxes(title="Score, not a probability", fixedrange=True)
    figure.update_yaxes(
        autorange="reversed",
        title="Class",
        fixedrange=True,
        showgrid=False,
        tickvals=places,
        ticktext=names,
    )
    return figure
