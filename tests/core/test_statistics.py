"""Intervals and tests against scipy's, published tables, brute force and repeated draws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.statistics import (
    NORMAL_95,
    fisher_exact_test,
    holm,
    mann_whitney_test,
    paired_test,
    wilson_interval,
)

NUMBERS = st.lists(st.integers(-4, 4) | st.floats(-5, 5), min_size=1, max_size=30)


@given(n=st.integers(1, 100_000), share=st.floats(0, 1))
def test_the_interval_is_wilsons_as_scipy_has_it(n, share):
    from scipy.stats import binomtest

    successes = round(share * n)
    expected = binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson_interval(successes, n) == pytest.approx(tuple(expected), abs=1e-12)


@given(st.integers(1, 100_000))
def test_none_and_all_are_bounds_of_their_own_intervals(n: int) -> None:
    assert wilson_interval(0, n)[0] == 0
    assert wilson_interval(n, n)[1] == 1


def changed_cases(n: int, most: int) -> list[tuple[int, int]]:
    """Every way in which at most so many of n cases can have changed, as (gained, lost)."""
    most = min(n, most)
    return [(gained, lost) for gained in range(most + 1) for lost in range(most + 1 - gained)]


@pytest.mark.parametrize(("n", "most"), [(80, 79), (10_000, 79), *((n, n) for n in range(1, 21))])
def test_the_paired_test_and_its_interval_never_disagree(n: int, most: int) -> None:
    for gained, lost in changed_cases(n, most):
        test = paired_test(gained, lost, n)
        low, high = test.interval
        assert (test.p_value < 0.05) == (not low <= 0 <= high), (gained, lost)
        assert -1 <= low <= test.difference <= high <= 1
        mirrored = paired_test(lost, gained, n)
        assert mirrored.interval == (-high, -low)
        assert mirrored.p_value == test.p_value


def test_the_interval_of_a_published_table() -> None:
    # Airway reactivity of 21 children, Fagerland, Lydersen, Laake (2014), table 1: 1 and 7 changed.
    low, high = paired_test(1, 7, 21).interval
    assert (round(low, 3), round(high, 3)) == (-0.517, -0.026)


def test_no_change_at_all_leaves_what_a_single_deviation_allows() -> None:
    test = paired_test(0, 0, 10)
    bound = NORMAL_95**2 / (10 + NORMAL_95**2)
    assert test.p_value == 1
    assert test.interval == pytest.approx((-bound, bound))


def likelihood(lost_share: float, gained: int, lost: int, n: int, difference: float) -> float:
    """Log-likelihood of the changed cases if the shares differ by so much."""
    shares = (lost_share + difference, lost_share, 1 - 2 * lost_share - difference)
    counts = (gained, lost, n - gained - lost)
    return sum(k * math.log(max(p, 1e-300)) for k, p in zip(counts, shares, strict=True) if k)


@pytest.mark.parametrize(
    ("gained", "lost", "n"), [(3, 1, 12), (7, 0, 30), (28, 15, 1_000), (5, 9, 9_000), (6, 6, 12)]
)
def test_at_its_bounds_the_difference_is_rejected_by_a_hair(gained, lost, n) -> None:
    from scipy.optimize import minimize_scalar

    for bound, side in zip(paired_test(gained, lost, n).interval, (1, -1), strict=True):
        span = (max(0.0, -bound), (1 - bound) / 2)
        best = minimize_scalar(
            lambda share, bound=bound: -likelihood(share, gained, lost, n, bound),
            bounds=span,
            method="bounded",
            options={"xatol": 1e-12},
        )
        variance = n * (2 * best.x + bound - bound**2)
        assert (gained - lost - n * bound) / math.sqrt(variance) == pytest.approx(
            side * NORMAL_95, abs=1e-3
        )


@given(st.integers(0, 60), st.integers(0, 60))
def test_of_no_difference_the_paired_test_is_mcnemars(gained: int, lost: int) -> None:
    from scipy.stats import chi2

    statistic = (gained - lost) ** 2 / max(gained + lost, 1)
    expected = chi2.sf(statistic, 1)
    assert paired_test(gained, lost, 200).p_value == pytest.approx(expected)


@given(NUMBERS, NUMBERS)
def test_it_is_the_test_of_scipy(values, others) -> None:
    from scipy.stats import mannwhitneyu

    values, others = np.array(values, float), np.array(others, float)
    test = mann_whitney_test(values, others)
    if len({*values, *others}) == 1:
        assert (test.superiority, test.p_value) == (0.5, 1)
        return
    expected = mannwhitneyu(values, others, method="asymptotic")
    assert test.superiority == pytest.approx(expected.statistic / (len(values) * len(others)))
    assert test.p_value == pytest.approx(expected.pvalue)


def test_superiority_counts_pairs() -> None:
    values, others = np.array([1.0, 2.0]), np.array([0.0, 1.0, 3.0])
    # Of six pairs 1 > 0, 2 > 0 and 2 > 1; 1 and 1 are equal.
    assert mann_whitney_test(values, others).superiority == pytest.approx(3.5 / 6)


def test_few_images_of_the_same_kind_are_found_different_as_rarely_as_promised() -> None:
    random = np.random.default_rng(0)
    others = random.normal(size=500).round(1)
    groups = [random.normal(size=5).round(1) for _ in range(1_000)]
    p_values = [mann_whitney_test(group, others).p_value for group in groups]
    assert 0.03 <= np.mean(np.array(p_values) < 0.05) <= 0.065


def test_holm_corrects_by_the_number_of_tests_that_are_left() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1, 1]
    assert holm([]) == []


SMALL_GROUPS = st.tuples(
    st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)
)


@given(SMALL_GROUPS)
def test_fishers_test_is_that_of_whole_numbers(table):
    right, wrong, other_right, other_wrong = table
    n, other_n = right + wrong, other_right + other_wrong
    both = right + other_right
    ways = [
        math.comb(n, k) * math.comb(other_n, both - k) if 0 <= both - k <= other_n else 0
        for k in range(n + 1)
    ]
    expected = sum(way for way in ways if way <= ways[right]) / sum(ways)
    assert fisher_exact_test(right, n, other_right, other_n) == pytest.approx(expected, rel=1e-9)


@given(
    n=st.integers(1, 70_000),
    other_n=st.integers(1, 70_000),
    shares=st.tuples(st.floats(0, 1), st.floats(-0.02, 0.02)),
)
def test_fishers_test_is_scipys(n, other_n, shares):
    from scipy.stats import fisher_exact

    share, more = shares
    right = min(n, round(max(0.0, share + more) * n))
    other_right = round(share * other_n)
    expected = fisher_exact([[right, n - right], [other_right, other_n - other_right]]).pvalue
    found = fisher_exact_test(right, n, other_right, other_n)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-290)
