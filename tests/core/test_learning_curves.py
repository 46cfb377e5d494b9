"""Smoothing, the verdict on validation loss, and the time left, worked out by hand."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mnist_core.runs import EpochRecord, list_runs
from mnist_core.runs.learning_curves import seconds_left, smoothed, verdict


def history(losses: list[float], validation_losses: list[float]) -> list[EpochRecord]:
    pairs = enumerate(zip(losses, validation_losses, strict=True), 1)
    return [EpochRecord(i, loss, 0.9, validation, 0.9, 2.0 + i) for i, (loss, validation) in pairs]


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.9])
def test_smoothing_is_the_exponentially_weighted_mean_of_pandas(weight):
    values = [3.0, 1.0, 4.0, 1.0, 5.0]
    expected = pd.Series(values).ewm(alpha=1 - weight, adjust=True).mean()
    np.testing.assert_allclose(smoothed(values, weight), expected)


@pytest.mark.parametrize("gap", [math.nan, math.inf])
def test_an_unknown_or_infinite_value_is_left_out_and_changes_no_other(gap):
    known = smoothed([3.0, 1.0, 4.0], 0.5)
    with_gap = smoothed([3.0, gap, 1.0, 4.0], 0.5)
    assert np.isnan(with_gap[1])
    np.testing.assert_allclose(with_gap[[0, 2, 3]], known)


@pytest.mark.parametrize(
    ("validation_losses", "said"),
    [
        ([0.4, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6], "validation loss rises from epoch 2"),
        ([0.4, 0.3, math.nan, 0.35, 0.4, 0.45, 0.5, 0.6], "validation loss rises from epoch 2"),
        ([0.5, 0.4, 0.3, 0.2, 0.1], "no rise in 5 epochs"),
        ([0.4, 0.3, 0.35, 0.3, 0.32, 0.31, 0.33], "no rise in 7 epochs"),
        ([0.4, 0.3, 0.5, 0.9], "too few epochs to tell"),
        ([0.4, math.nan, 0.5, 0.6, 0.7], "too few epochs to tell"),
        ([0.4, math.inf, 0.5, 0.6, 0.7], "too few epochs to tell"),
        ([0.5, 0.4, 0.3, 0.2, 0.1, math.inf], "validation loss is infinite from epoch 6"),
        ([0.5, math.inf, 0.3, math.inf, math.inf], "validation loss is infinite from epoch 4"),
        ([math.inf, math.inf], "validation loss is infinite from epoch 1"),
        ([], "too few epochs to tell"),
        ([0.0] * 10, "no rise in 10 epochs"),
    ],
)
def test_every_run_gets_a_verdict_in_words(validation_losses: list[float], said: str) -> None:
    assert str(verdict(history([0.1] * len(validation_losses), validation_losses))) == said


def test_of_the_bundled_runs_one_rises() -> None:
    runs = list_runs(Path(__file__).parents[2] / "models")
    rising = {run.name: verdict(run.history) for run in runs}
    assert {name: v.rises_from for name, v in rising.items() if v.rises_from} == {"mlp-deep": 6}
    assert rising["mlp-deep"].share == pytest.approx(0.24, abs=0.005)
    assert str(rising["dense-256"]) == "no rise in 5 epochs"


def test_the_time_left_follows_from_the_median_epoch():
    assert seconds_left(history([1, 1, 1], [1, 1, 1]), 10) == 7 * 4.0
    assert seconds_left(history([1, 1, 1], [1, 1, 1]), 3) == 0
    assert seconds_left([], 10) is None
