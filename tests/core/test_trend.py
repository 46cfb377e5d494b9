"""How often a rise is seen where there is none, and found where there is one, by simulation."""

import numpy as np
import pytest

from mnist_core.runs.trend import FEWEST, MOST, rise, strengths, threshold

LENGTHS = (20, 36, 60)
SERIES = 2_000


def noise(n: int, correlation: float, *, seed: int, series: int = SERIES) -> np.ndarray:
    """Normal noise of variance 1 whose neighbours have a correlation. Shape `(series, n)`."""
    fresh = np.random.default_rng(seed).normal(size=(series, n + 60))
    values = fresh.copy()
    for t in range(1, n + 60):
        values[:, t] = correlation * values[:, t - 1] + np.sqrt(1 - correlation**2) * fresh[:, t]
    return values[:, 60:]


def share_found(losses: np.ndarray) -> float:
    """Share of these series that are said to rise."""
    is_found = strengths(losses)[0] > threshold(losses.shape[1])
    assert is_found[:20].tolist() == [rise(series) is not None for series in losses[:20]]
    return float(np.mean(is_found))


def falling(n: int, lowest: int) -> np.ndarray:
    """A loss that falls until an epoch, counted from 0, and is 1 from there on."""
    curve = 1 + 1.5 * np.exp(-np.arange(n) / (lowest / 4))
    return np.where(np.arange(n) <= lowest, curve / curve[lowest], 1.0)


@pytest.mark.parametrize("correlation", [0, 0.5])
@pytest.mark.parametrize("n", LENGTHS)
def test_a_plateau_is_taken_for_a_rise_in_at_most_one_of_ten(n: int, correlation: float) -> None:
    for seed, deviation in enumerate((0.05, 0.15, 0.3)):
        losses = 1 + deviation * noise(n, correlation, seed=seed)
        rate = share_found(losses)
        print(f"flat, {n} epochs, sd {deviation}, correlation {correlation}: {rate:.1%} alarms")
        assert rate <= 0.10


@pytest.mark.parametrize("correlation", [0, 0.5])
@pytest.mark.parametrize("n", LENGTHS)
def test_a_loss_that_falls_and_stays_is_taken_for_a_rise_no_more_often(
    n: int, correlation: float
) -> None:
    for seed, deviation in enumerate((0.05, 0.3), 10):
        losses = falling(n, n // 4) * (1 + deviation * noise(n, correlation, seed=seed))
        rate = share_found(losses)
        print(f"falls, {n} epochs, sd {deviation}, correlation {correlation}: {rate:.1%} alarms")
        assert rate <= 0.10


@pytest.mark.parametrize("n", LENGTHS)
def test_where_neighbours_are_almost_alike_a_plateau_rises_in_one_of_four_at_most(n: int) -> None:
    rate = share_found(1 + 0.1 * noise(n, 0.9, seed=20))
    print(f"flat, {n} epochs, correlation 0.9: {rate:.1%} alarms")
    assert rate <= 0.25


@pytest.mark.parametrize(
    ("n", "correlation", "promised"),
    [(20, 0, 0.8), (36, 0, 0.8), (60, 0, 0.8), (20, 0.5, 0.6), (36, 0.5, 0.8), (60, 0.5, 0.8)],
)
@pytest.mark.parametrize("lowest", [0.2, 0.4])
def test_a_rise_by_a_fifth_is_found(
    n: int, correlation: float, promised: float, lowest: float
) -> None:
    start = int(n * lowest)
    grown = 1 + 0.2 * np.clip((np.arange(n) - start) / (n - 1 - start), 0, 1)
    losses = falling(n, start) * grown * (1 + 0.05 * noise(n, correlation, seed=30))
    rate = share_found(losses)
    print(f"rise, {n} epochs from {start + 1}, correlation {correlation}: {rate:.1%} found")
    assert rate >= promised


def test_a_rise_begins_at_the_lowest_number_before_it() -> None:
    found = rise(np.array([9, 5, 3, 2, 1, 2.2, 2.4, 2.6, 2.8, 3.0]))
    assert found is not None
    assert found.start == 4
    assert found.share == pytest.approx(1.6)
    assert rise(np.arange(10.0)[::-1]) is None


@pytest.mark.parametrize("lowest", [0.0, -1.0])
def test_of_a_lowest_number_that_is_not_above_zero_no_share_is_taken(lowest: float) -> None:
    found = rise(lowest + np.arange(10.0))
    assert found is not None
    assert found.start == 0
    assert np.isnan(found.share)


def test_equal_numbers_do_not_rise() -> None:
    assert rise(np.full(FEWEST, 0.3)) is None
    assert rise(np.zeros(50)) is None


def test_a_long_series_is_judged_by_the_medians_of_its_blocks() -> None:
    values = np.concatenate([np.linspace(3, 1, 4_000), np.linspace(1, 2, 6_000)])
    found = rise(values)
    assert found is not None
    assert abs(found.start - 4_000) <= len(values) / MOST


def test_the_strength_is_manns_score_where_neighbours_do_not_resemble_each_other() -> None:
    from scipy.stats import kendalltau

    n = 12
    values = np.arange(n) + 1.2 * (-1.0) ** np.arange(n)
    (strength,), (first,) = strengths(values[None])
    end = values[first:]
    tau, m = kendalltau(np.arange(len(end)), end).statistic, len(end)
    deviation = np.sqrt(m * (m - 1) * (2 * m + 5) / 18)
    assert strength == pytest.approx(tau * m * (m - 1) / 2 / deviation)


@pytest.mark.parametrize("n", [7, 10, 20, 60])
def test_a_smooth_curve_that_bends_upwards_rises(n: int) -> None:
    found = rise(1 + (np.arange(n) / n) ** 2)
    assert found is not None
    assert found.start == 0
