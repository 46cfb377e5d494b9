"""Loss and accuracy over the epochs of any number of runs."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.run_colours import run_colours
from dashboard.figures.template import QUIET, TEMPLATE
from mnist_core.runs import Run

_PANELS = (
    ("loss", "validation_loss", "Loss in nats"),
    ("accuracy", "validation_accuracy", "Accuracy"),
)


def learning_curves_figure(
    runs: Sequence[Run], *, chosen: tuple[str, int] | None, height: int = 340
) -> go.Figure:
    """Loss on the left, accuracy on the right; train dotted, validation solid, the best starred.

    Every point carries the run's name and the epoch as `customdata`.

    Args:
        runs: Those shown; runs without a whole epoch are left out.
        chosen: Run and epoch to mark.
        height: Of the figure, in pixels.
    """
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.1)
    colours = run_colours([run.name for run in runs])
    for column, (train, validation, title) in enumerate(_PANELS, start=1):
        for run in (run for run in runs if run.history):
            in_legend = column == 1
            figure.add_trace(_line(run, train, colours[run.name], "train", in_legend), 1, column)
            figure.add_trace(
                _line(run, validation, colours[run.name], "validation", in_legend), 1, column
            )
        figure.update_yaxes(title=title, row=1, col=column)
    figure.update_layout(template=TEMPLATE, height=height, showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_xaxes(title="Epoch", dtick=_step(runs), fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    figure.update_yaxes(tickformat=".1%", col=2)
    if chosen is not None:
        figure.add_vline(
            x=chosen[1], line={"color": QUIET, "width": 8}, opacity=0.35, layer="below"
        )
    return figure


def _line(run: Run, measure: str, colour: str, split: str, in_legend: bool) -> go.Scatter:
    values = [getattr(record, measure) for record in run.history]
    is_validation = split == "validation"
    symbols = [
        "star" if is_validation and record.epoch == run.best_epoch else "circle"
        for record in run.history
    ]
    shown = "%{y:.2%}" if "accuracy" in measure else "%{y:.4f} nats"
    return go.Scatter(
        x=[record.epoch for record in run.history],
        y=values,
        name=f"{run.name}, {split}",
        mode="lines+markers",
        line={"color": colour, "dash": "solid" if is_validation else "dot", "width": 2},
        marker={"symbol": symbols, "size": [13 if s == "star" else 7 for s in symbols]},
        customdata=[[run.name, record.epoch] for record in run.history],
        hovertemplate=f"{run.name}, epoch %{{x}}: {split} {shown}<extra></extra>",
        legendgroup=run.name,
        showlegend=in_legend,
    )


def _step(runs: Sequence[Run]) -> int:
    longest = max((len(run.history) for run in runs), default=1)
    return max(1, -(-longest // 12))
