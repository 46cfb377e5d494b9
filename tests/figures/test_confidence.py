"""The charts of confidence show the numbers they are given, on axes that say where they stretch."""

from __future__ import annotations

import numpy as np
import pytest
from plotly import graph_objects as go
from scipy.special import logit
from scipy.stats import binom, binomtest

from dashboard.drawing.figures.reliability import EDGES, is_outside, reliability_figure
from dashboard.drawing.figures.risk_coverage import Line, risk_coverage_figure
from dashboard.drawing.figures.share_axis import LEAST, ShareAxis
from dashboard.drawing.figures.template import TEMPLATE
from mnist_core.answers.calibrated import consistency_band
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.answers.risk_coverage import risk_coverage

Y_PROB = np.array([[0.65, 0.35]] * 10 + [[0.95, 0.05]] * 40)
ANSWERS = evaluate(np.array([0] * 6 + [1] * 4 + [0] * 28 + [1] * 12), Y_PROB)


def traces(figure: go.Figure) -> dict[str, go.Figure]:
    diagonal, *band, points, counts = figure.data
    assert diagonal.mode == "lines"
    return {"band": band[0] if band else None, "points": points, "counts": counts}


def test_reliability_shows_accuracy_band_and_number_of_images_of_each_bin() -> None:
    calibration = ANSWERS.calibration(10)
    band = consistency_band(ANSWERS.confidence, 10)
    found = traces(reliability_figure(calibration, band=band))
    assert list(found["points"].x) == pytest.approx([0.65, 0.95])
    assert list(found["points"].y) == pytest.approx([0.6, 0.7])
    low, high = binom.ppf([0.025, 0.975], 10, 0.65) / 10
    assert (found["band"].base[0], found["band"].y[0]) == pytest.approx((low, high - low))
    assert list(found["band"].x) == pytest.approx([0.65, 0.95])
    assert list(found["band"].width) == pytest.approx([0.1, 0.1])
    assert list(found["counts"].y) == [10, 40]
    assert list(found["counts"].text) == ["10", "40"]


def test_a_bin_outside_the_band_has_another_mark_and_says_so() -> None:
    calibration = ANSWERS.calibration(10)
    band = consistency_band(ANSWERS.confidence, 10)
    assert is_outside(calibration, band).tolist() == [False, True]
    points = traces(reliability_figure(calibration, band=band))["points"]
    assert list(points.marker.symbol) == ["circle", "diamond"]
    ends = binomtest(28, 40).proportion_ci(method="wilson")
    fewest, most = binom.ppf([0.025, 0.975], 40, 0.05)
    assert points.hovertext[1] == (
        f"40 images: mean confidence 95.0 %, 70.0 % right ({100 * ends.low:.1f}–"
        f"{100 * ends.high:.1f})<br>12 wrong; {fewest:.0f}–{most:.0f} if every confidence were "
        "true, so outside the band"
    )


def test_where_chance_cannot_be_spoken_of_there_is_no_band_and_no_interval() -> None:
    found = traces(reliability_figure(ANSWERS.calibration(10)))
    assert found["band"] is None
    assert set(found["points"].marker.symbol) == {"circle"}
    assert found["points"].hovertext[0] == "10 images: mean confidence 65.0 %, 60.0 % right"


def test_stretched_axes_are_even_in_the_log_odds_and_hold_all_points() -> None:
    calibration = ANSWERS.calibration(EDGES)
    band = consistency_band(ANSWERS.confidence, EDGES)
    figure = reliability_figure(calibration, band=band, is_stretched=True)
    found = traces(figure)
    assert list(found["points"].x) == pytest.approx(logit([0.65, 0.95]))
    assert list(found["points"].y) == pytest.approx(logit([0.6, 0.7]))
    assert figure.layout.yaxis.range[0] <= logit(band.min())
    assert figure.layout.xaxis2.ticktext == ("50%", "75%", "90%", "97%")
    assert list(figure.layout.xaxis2.tickvals) == pytest.approx(logit([0.5, 0.75, 0.9, 0.97]))


def test_nothing_and_everything_have_a_place_on_a_stretched_axis() -> None:
    axis = ShareAxis(is_stretched=True, margin=1e-3)
    shares = np.array([0, LEAST, 0.5, 0.999, 1])
    assert axis.places(shares) == pytest.approx(logit([LEAST, LEAST, 0.5, 0.999, 0.999]))
    layout = axis.layout(0, 1)
    assert (layout["ticktext"][-2], layout["ticktext"][-1]) == ("0%", "100%")
    even = ShareAxis(is_stretched=False)
    assert even.places(shares).tolist() == shares.tolist()


def test_titles_and_ground_are_those_of_all_charts() -> None:
    reliability = reliability_figure(ANSWERS.calibration(10)).layout
    risks = risk(0.7).layout
    titles = [reliability.xaxis2, reliability.yaxis, reliability.yaxis2, risks.xaxis, risks.yaxis]
    assert [axis.title.text for axis in titles] == [
        "Confidence",
        "Accuracy",
        "Images",
        "Share of images answered",
        "Wrong among answers",
    ]
    for layout in (reliability, risks):
        assert layout.template.layout.paper_bgcolor == TEMPLATE.layout.paper_bgcolor


def answers(n: int = 2_000) -> Answers:
    random = np.random.default_rng(5)
    confidence = 1 - 10 ** -random.gamma(3, 0.6, n)
    return Answers(np.zeros(n, int), (random.random(n) > confidence).astype(int), confidence, 2)


CURVE = risk_coverage(answers())
MINE = Line("", CURVE, "#0072B2")


def risk(threshold: float, **options) -> go.Figure:
    given = {"proposed": None, "target": 0.01} | options
    return risk_coverage_figure([MINE], threshold=threshold, **given)


def test_the_curve_goes_through_its_points_and_ends_with_every_answer() -> None:
    curve = risk(0.7).data[0]
    expected = dict(zip(CURVE.coverage, CURVE.risk, strict=True))
    assert len(curve.x) <= 400
    assert all(expected[x] == y for x, y in zip(curve.x, curve.y, strict=True))
    assert curve.x[-1] == 1
    assert curve.y[-1] == pytest.approx(1 - answers().accuracy)
    assert curve.hovertext[-1].endswith(
        f"2,000 answered (100.0 %), {CURVE.errors[-1]:,} wrong ({100 * curve.y[-1]:.2f} %)"
    )


def test_the_threshold_is_marked_with_its_interval_and_the_proposed_one_open() -> None:
    answered, errors = CURVE.at(0.9)
    proposed, chosen = risk(0.9, proposed=0.99).data[-2:]
    assert (chosen.x[0], chosen.y[0]) == pytest.approx((answered / 2_000, errors / answered))
    ends = binomtest(errors, answered).proportion_ci(method="wilson")
    assert chosen.y[0] + chosen.error_y.array[0] == pytest.approx(ends.high)
    assert chosen.y[0] - chosen.error_y.arrayminus[0] == pytest.approx(ends.low)
    assert (proposed.marker.symbol, chosen.marker.symbol) == ("circle-open", "circle")
    assert risk(0.9, is_tested=False).data[-1].error_y.array is None
    assert len(risk(1.0).data) == 1  # no image is answered, so there is nothing to mark


def test_two_curves_have_a_legend() -> None:
    other = Line("before", CURVE, "#D55E00", "dash")
    figure = risk_coverage_figure([MINE, other], threshold=0.9, proposed=None, target=0.01)
    assert figure.layout.showlegend
    assert [line.name for line in figure.data[:2]] == ["before", ""]
    assert not risk(0.9).layout.showlegend


def test_a_single_confidence_is_a_point() -> None:
    same = risk_coverage(Answers(np.zeros(9, int), np.zeros(9, int), np.ones(9), 2))
    figure = risk_coverage_figure(
        [Line("", same, "#0072B2")], threshold=0.5, proposed=None, target=0.01, is_stretched=True
    )
    assert figure.data[0].mode == "markers"
