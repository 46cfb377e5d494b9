"""Charts show the numbers they are given, on titled axes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.drawing.figures.label_distribution import label_distribution_figure
from dashboard.drawing.figures.learning_curves import CurveDisplay, learning_curves_figure
from dashboard.drawing.figures.pixel_values import pixel_values_figure
from dashboard.drawing.figures.probabilities import probabilities_figure
from dashboard.drawing.figures.run_style import MARKS, PLACES, RunStyle, run_styles
from mnist_core.recipes import RECIPES
from mnist_core.runs import Details, EpochRecord, Run

NAMES = tuple("0123456789")
STYLES = defaultdict(lambda: RunStyle("#0072B2", "diamond"))


@pytest.fixture
def run() -> Run:
    history = tuple(
        EpochRecord(e, 1 / e, 0.9, 2 / e, 0.8 - (e - 2) ** 2 / 100, 1.0) for e in (1, 2, 3)
    )
    return Run("a run", Path("."), "finished", history=history)


@pytest.fixture
def figures(run: Run) -> list[go.Figure]:
    counts = {"train": np.arange(10) + 1}
    return [
        probabilities_figure(np.eye(10)[0], class_names=NAMES, true=0),
        label_distribution_figure(counts, class_names=NAMES),
        pixel_values_figure(np.zeros((28, 28), np.uint8)),
        learning_curves_figure([run], "loss", styles=STYLES, chosen=("a run", 2)),
        learning_curves_figure([run], "accuracy", styles=STYLES, chosen=None),
    ]


def test_every_axis_has_a_title(figures: list[go.Figure]) -> None:
    for figure in figures:
        assert figure.layout.xaxis.title.text
        assert figure.layout.yaxis.title.text


def test_every_figure_has_a_transparent_ground(figures: list[go.Figure]) -> None:
    for figure in figures:
        assert figure.layout.template.layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_every_class_has_its_bar_and_the_true_one_its_mark() -> None:
    y_prob = np.full(10, 0.02, np.float32)
    y_prob[3] = 0.82
    figure = probabilities_figure(y_prob, class_names=NAMES, true=5)
    bars = figure.data[0]
    assert list(bars.x) == list(y_prob)
    assert figure.layout.yaxis.ticktext[4:6] == ("4", "<b>true 5</b>")
    assert bars.marker.color[3] != bars.marker.color[5]
    assert bars.text[3] == "82.0 %"


def test_bars_are_shares_of_their_split() -> None:
    counts = {"train": np.array([30, 10]), "test": np.array([1, 1])}
    figure = label_distribution_figure(counts, class_names=("a", "b"))
    assert [bars.name for bars in figure.data] == ["train", "test"]
    assert list(figure.data[0].y) == [0.75, 0.25]
    assert "30 of 40 train images are a (75.00 %)" in figure.data[0].hovertext


def test_a_legend_of_several_lines_covers_no_bar() -> None:
    counts = {split: np.array([30, 10]) for split in ("train", "validation", "test")}
    legend = label_distribution_figure(counts, class_names=("a", "b")).layout.legend
    assert legend.y >= 1
    assert legend.yanchor == "bottom"


def test_epochs_have_few_level_ticks_and_none_before_the_first(run: Run) -> None:
    history = tuple(EpochRecord(e, 1, 0.9, 1, 0.9, 1.0) for e in range(1, 61))
    long = replace(run, history=history)
    axis = learning_curves_figure([long], "loss", styles=STYLES, chosen=None).layout.xaxis
    assert (axis.tick0, axis.dtick, axis.tickangle) == (1, 10, 0)
    assert axis.autorangeoptions.minallowed == 0


def test_pixel_values_stand_where_they_are_in_the_image() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[2, 5] = 200
    heatmap = pixel_values_figure(image).data[0]
    assert heatmap.z[2][5] == 200
    assert heatmap.text[2][5] == "200"
    assert heatmap.text[5][2] == ""


def test_curves_carry_run_and_epoch_and_star_the_best(run: Run) -> None:
    train, validation = learning_curves_figure([run], "accuracy", styles=STYLES, chosen=None).data
    assert list(train.y) == [0.9, 0.9, 0.9]
    assert [list(point) for point in validation.customdata] == [["a run", e] for e in (1, 2, 3)]
    assert list(validation.marker.symbol) == ["diamond", "star", "diamond"]
    assert "star" not in train.marker.symbol


def test_the_chosen_epoch_is_marked_only_when_there_is_one(run: Run) -> None:
    assert (
        len(learning_curves_figure([run], "loss", styles=STYLES, chosen=("a run", 2)).layout.shapes)
        == 1
    )
    assert len(learning_curves_figure([run], "loss", styles=STYLES, chosen=None).layout.shapes) == 0


def test_a_point_says_what_it_is_unless_a_legend_does(run: Run) -> None:
    train, validation = learning_curves_figure([run], "accuracy", styles=STYLES, chosen=None).data
    assert train.hovertext[1] == "a run, epoch 2: train 90.00 %"
    assert validation.hovertext[1] == "a run, epoch 2: validation 80.00 %"
    bare = learning_curves_figure(
        [run],
        "loss",
        styles=STYLES,
        chosen=None,
        is_labelled=False,
        display=CurveDisplay(smoothing=0.5),
    )
    assert {line.hoverinfo for line in bare.data} == {"none", "skip"}


def test_a_long_line_has_few_marks_and_the_best_epoch_always_one(run: Run) -> None:
    history = tuple(EpochRecord(e, 1, 0.9, 1, 0.9 - abs(e - 8) / 100, 1.0) for e in range(1, 61))
    _, line = learning_curves_figure(
        [replace(run, history=history)], "accuracy", styles=STYLES, chosen=None
    ).data
    assert sum(size > 0 for size in line.marker.size) <= 11
    assert line.marker.size[7] > 0


def test_curves_can_run_along_the_minutes_of_training(run: Run) -> None:
    display = CurveDisplay(minutes=True)
    figure = learning_curves_figure(
        [run], "loss", styles=STYLES, chosen=("a run", 3), display=display
    )
    assert list(figure.data[0].x) == [1 / 60, 2 / 60, 3 / 60]
    assert figure.layout.shapes[0].x0 == 3 / 60
    assert "Minutes" in figure.layout.xaxis.title.text


def test_accuracies_can_be_drawn_by_the_logarithm_of_their_errors(run: Run) -> None:
    perfect = replace(run, history=tuple(replace(r, accuracy=1.0) for r in run.history))
    display = CurveDisplay(logarithmic=True)
    figure = learning_curves_figure(
        [run, perfect], "accuracy", styles=STYLES, chosen=None, display=display
    )
    assert list(figure.data[0].y) == pytest.approx([0.1] * 3)
    assert min(figure.data[2].y) > 0  # no errors have no logarithm
    axis = figure.layout.yaxis
    assert (axis.type, axis.autorange) == ("log", "reversed")
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True))[0.1] == "90%"
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True))[0.005] == "99.5%"
    assert "90.00 %" in figure.data[0].hovertext[0]


def test_smoothing_keeps_the_raw_line_beneath(run: Run) -> None:
    display = CurveDisplay(splits=("validation",), smoothing=0.5)
    raw, smooth = learning_curves_figure(
        [run], "loss", styles=STYLES, chosen=None, display=display
    ).data
    assert list(raw.y) == [record.validation_loss for record in run.history]
    assert raw.opacity < 0.5
    assert list(smooth.y) == pytest.approx(
        [2, (0.5 * 2 + 1) / 1.5, (0.25 * 2 + 0.5 + 2 / 3) / 1.75]
    )


def test_the_loss_of_scores_is_not_called_nats(run: Run) -> None:
    linear = replace(run, name="linear", output="scores")
    alone = learning_curves_figure([linear], "loss", styles=STYLES, chosen=None)
    assert alone.layout.yaxis.title.text == "Hinge loss"
    assert "hinge" in alone.data[0].hovertext[0]
    both = learning_curves_figure(
        [run, linear], "loss", styles=STYLES, chosen=None
    ).layout.yaxis.title.text
    assert both == "Loss in nats (linear runs: hinge loss)"


def test_where_validation_loss_rises_from_stands_a_mark(run: Run) -> None:
    losses = (0.4, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
    history = tuple(EpochRecord(i, 0.1, 0.9, loss, 0.9, 1.0) for i, loss in enumerate(losses, 1))
    marks = learning_curves_figure(
        [replace(run, history=history)], "loss", styles=STYLES, chosen=None
    ).data[2]
    assert (list(marks.x), list(marks.y)) == ([2], [0.3])


def started(name: str, minute: int) -> Run:
    return Run(
        name,
        Path("."),
        "finished",
        details=Details(started=f"2026-01-01T{minute // 60:02}:{minute % 60:02}"),
    )


def test_no_two_runs_look_alike() -> None:
    others = [started(f"sweep-{n:03d}-{'abc'[n % 3]}", n) for n in range(PLACES - len(RECIPES))]
    styles = run_styles([*others, *(started(name, 0) for name in RECIPES)])
    assert len(set(styles.values())) == PLACES
    assert "star" not in " ".join(MARKS)  # the best epoch's


def test_a_run_keeps_its_style_whatever_comes_later() -> None:
    runs = [started(f"run-{n}-x", n) for n in range(150)]
    early = run_styles(runs[:40])
    late = run_styles([*reversed(runs), *(started(name, 0) for name in RECIPES)])
    assert {name: late[name] for name in early} == early


def test_runs_numbered_next_to_each_other_differ_in_colour() -> None:
    styles = run_styles([started("seed-1", 0), started("seed-2", 1), started("seed-3", 2)])
    assert len({styles[f"seed-{n}"].colour for n in (1, 2, 3)}) == 3
