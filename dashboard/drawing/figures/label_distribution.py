"""How often each class occurs in each split."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.figures.template import SPLIT_COLOURS, TEMPLATE
from mnist_core.formatting import percent

MOST_TICKS = 26
LONG = 4
"""Letters of a name that has no room beside others."""


def label_distribution_figure(
    counts: Mapping[str, np.ndarray], *, class_names: Sequence[str], height: int = 280
) -> go.Figure:
    """Grouped bars, one group per class and one bar per split, in % of the split.

    Args:
        counts: Images of each class by name of the split. `int64`, shape `(n_classes,)`.
        class_names: Name of each class.
        height: Of the figure, in pixels.
    """
    figure = go.Figure(layout={"template": TEMPLATE, "height": height, "bargap": 0.2})
    for split, of_class in counts.items():
        shares = of_class / of_class.sum()
        hover = [
            f"{count:,} of {of_class.sum():,} {split} images are {name} ({percent(share, 2)})"
            for name, count, share in zip(class_names, of_class, shares, strict=True)
        ]
        figure.add_bar(
            x=list(range(len(class_names))),
            y=shares,
            name=split,
            marker_color=SPLIT_COLOURS[split],
            hovertext=hover,
            hoverinfo="text",
        )
    # It stands on the bars: where it takes several lines, it grows upwards and the bars make room.
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    figure.update_layout(showlegend=True, legend=legend)
    step = -(-len(class_names) // MOST_TICKS)  # all names of many would lie on each other
    figure.update_xaxes(
        title="Class",
        tickvals=list(range(0, len(class_names), step)),
        ticktext=list(class_names[::step]),
        # Long names lean away from the chart's right edge, where the last would be left out.
        tickangle=-40 if max(map(len, class_names)) > LONG else None,
        showgrid=False,
        fixedrange=True,
    )
    highest = max(float((of_class / of_class.sum()).max()) for of_class in counts.values())
    places = 0 if highest > 0.05 else 1
    figure.update_yaxes(title="Share of the split", tickformat=f".{places}%", fixedrange=True)
    return figure
