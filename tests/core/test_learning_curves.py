"""Smoothing, the turn for the worse, and the time left, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from mnist_core.learning_curves import seconds_left, smoothed, turning_point
from mnist_core.runs import EpochRecord


def history(losses: list[float], validation_losses: list[float]) -> list[EpochRecord]:
    pairs = enumerate(zip(losses, validation_losses, strict=True), 1)
    return [EpochRecord(i, loss, 0.9, validation, 0.9, 2.0 + i) for i, (loss, validation) in pairs]


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.9])
def test_smoothing_is_the_exponentially_weighted_mean_of_pandas(weight):
    values = [3.0, 1.0, 4.0, 1.0, 5.0]
    expected = pd.Series(values).ewm(alpha=1 - weight, adjust=True).mean()
    np.testing.assert_allclose(smoothed(values, weight), expected)


def test_an_unknown_value_stays_unknown_and_changes_no_other():
    known = smoothed([3.0, 1.0, 4.0], 0.5)
    with_gap = smoothed([3.0, float("nan"), 1.0, 4.0], 0.5)
    assert np.isnan(with_gap[1])
    np.testing.assert_allclose(with_gap[[0, 2, 3]], known)


@pytest.mark.parametrize(
    ("losses", "validation_losses", "epoch"),
    [
        ([0.5, 0.3, 0.2, 0.1], [0.4, 0.3, 0.35, 0.4], 2),
        ([0.5, 0.3, 0.2, 0.1], [0.4, 0.3, 0.29, 0.28], None),  # still getting better
        ([0.5, 0.3, 0.2, 0.1], [0.4, 0.3, 0.305, 0.31], None),  # hardly worse
        ([0.5, 0.3, 0.3, 0.4], [0.4, 0.3, 0.35, 0.4], None),  # training got worse too
        ([0.5, 0.3, 0.29, 0.29], [0.4, 0.3, 0.35, 0.4], None),  # training hardly went on
        ([0.5, 0.3, 0.2], [0.4, 0.3, 0.5], None),  # one bad epoch is no turn
        ([0.5, 0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.4, 0.25, 0.3], None),  # one epoch since
        ([0.6, 0.5, 0.4, 0.3, 0.2, 0.1], [0.5, 0.3, 0.4, 0.2, 0.25, 0.25], None),  # the same
        ([0.5], [0.4], None),
        ([], [], None),
    ],
)
def test_the_turn_is_where_validation_gets_worse_while_training_goes_on(
    losses, validation_losses, epoch
):
    assert turning_point(history(losses, validation_losses)) == epoch


def test_the_time_left_follows_from_the_median_epoch():
    assert seconds_left(history([1, 1, 1], [1, 1, 1]), 10) == 7 * 4.0
    assert seconds_left(history([1, 1, 1], [1, 1, 1]), 3) == 0
    assert seconds_left([], 10) is None
