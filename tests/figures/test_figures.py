"""Charts show the numbers they are given, on titled axes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.figures.label_distribution import label_distribution_figure
from dashboard.figures.learning_curves import learning_curves_figure
from dashboard.figures.pixel_values import pixel_values_figure
from dashboard.figures.probabilities import probabilities_figure
from dashboard.figures.run_colours import run_colours
from dashboard.figures.template import PALETTE
from mnist_core.runs import EpochRecord, Run

NAMES = tuple("0123456789")


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
        learning_curves_figure([run], "loss", chosen=("a run", 2)),
        learning_curves_figure([run], "accuracy", chosen=None),
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


def test_pixel_values_stand_where_they_are_in_the_image() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[2, 5] = 200
    heatmap = pixel_values_figure(image).data[0]
    assert heatmap.z[2][5] == 200
    assert heatmap.text[2][5] == "200"
    assert heatmap.text[5][2] == ""


def test_curves_carry_run_and_epoch_and_star_the_best(run: Run) -> None:
    train, validation = learning_curves_figure([run], "accuracy", chosen=None).data
    assert list(train.y) == [0.9, 0.9, 0.9]
    assert [list(point) for point in validation.customdata] == [["a run", e] for e in (1, 2, 3)]
    assert list(validation.marker.symbol) == ["circle", "star", "circle"]
    assert "star" not in train.marker.symbol


def test_the_chosen_epoch_is_marked_only_when_there_is_one(run: Run) -> None:
    assert len(learning_curves_figure([run], "loss", chosen=("a run", 2)).layout.shapes) == 1
    assert len(learning_curves_figure([run], "loss", chosen=None).layout.shapes) == 0


def test_a_run_keeps_its_colour_whatever_stands_beside_it() -> None:
    alone = run_colours(["simple-conv"])["simple-conv"]
    assert run_colours(["dense-256", "simple-conv", "zzz"])["simple-conv"] == alone


def test_runs_shown_together_differ_in_colour_as_long_as_colours_last() -> None:
    names = [f"run-{number}" for number in range(len(PALETTE))]
    assert len(set(run_colours(names).values())) == len(PALETTE)
    assert len(run_colours([*names, "one more"])) == len(PALETTE) + 1
