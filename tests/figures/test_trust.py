"""Checks of a map, drawn and in words: by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.drawing import words
from dashboard.drawing.figures.covering import covering_figure
from mnist_core.explainers.trust import Agreement, Curves

SHARE = np.array([0, 0.5, 1])
AT_RANDOM = np.array([[1, 0.8, 0], [1, 0.4, 0]])


def test_the_band_goes_from_the_lowest_to_the_highest_random_order_and_the_line_is_their_mean() -> (
    None
):
    figure = covering_figure(
        SHARE,
        np.array([1, 0.1, 0]),
        AT_RANDOM,
        x_title="Pixels covered",
        y_title="Logit",
        colour="#c0504d",
    )
    band, mean, curve = figure.data
    assert list(zip(band.x, band.y, strict=True)) == [
        *((0, 1), (0.5, 0.4), (1, 0)),
        *((1, 0), (0.5, 0.8), (0, 1)),
    ]
    np.testing.assert_allclose(mean.y, [1, 0.6, 0])
    assert curve.y.tolist() == [1, 0.1, 0]
    titles = figure.layout.xaxis.title.text, figure.layout.yaxis.title.text
    assert titles == ("Pixels covered", "Logit")


def test_the_areas_of_the_map_are_held_against_those_of_every_random_order() -> None:
    found = Curves(
        share=SHARE,
        deletion=np.array([1, 0.9, 0]),  # area 0.7, above 0.65 and 0.45, so worse
        insertion=np.array([0, 0.9, 1]),  # 0.7, above both
        random_deletion=AT_RANDOM,
        random_insertion=AT_RANDOM[:, ::-1],
    )
    said = words.covered(found, "probability")
    covering, uncovering = said.split(" Uncovering ")
    assert "0.70 of probability" in covering
    assert "in random order 0.55: better than 0 of 2 random orders." in covering
    assert "0.70 of probability" in uncovering
    assert "in random order 0.55: better than 2 of 2 random orders." in uncovering


@pytest.mark.parametrize(
    ("correlation", "said"),
    [
        (0.0, "another map, as it should"),
        (-0.29, "another map, as it should"),
        (0.3, "alike in part"),
        (0.7, "nearly the same map: it shows"),
        (-0.8, "nearly the same map with the signs swapped: it shows"),
    ],
)
def test_what_random_weights_leave_of_a_map_is_judged_by_the_rank_correlation(
    correlation: float, said: str
) -> None:
    assert said in words.shuffled(Agreement(correlation, 0.5))


def test_a_map_that_is_the_same_everywhere_is_not_judged() -> None:
    assert "the same everywhere" in words.shuffled(Agreement(float("nan"), 1.0))
