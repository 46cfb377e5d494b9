"""The rank test against scipy's and repeated draws, Holm's correction by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.rank_test import holm, rank_test

NUMBERS = st.lists(st.integers(-4, 4) | st.floats(-5, 5), min_size=1, max_size=30)


@given(NUMBERS, NUMBERS)
def test_it_is_the_test_of_scipy(values, others) -> None:
    from scipy.stats import mannwhitneyu

    values, others = np.array(values, float), np.array(others, float)
    test = rank_test(values, others)
    if len({*values, *others}) == 1:
        assert (test.superiority, test.p_value) == (0.5, 1)
        return
    expected = mannwhitneyu(values, others, method="asymptotic")
    assert test.superiority == pytest.approx(expected.statistic / (len(values) * len(others)))
    assert test.p_value == pytest.approx(expected.pvalue)


def test_superiority_counts_pairs() -> None:
    values, others = np.array([1.0, 2.0]), np.array([0.0, 1.0, 3.0])
    # Of six pairs 1 > 0, 2 > 0 and 2 > 1; 1 and 1 are equal.
    assert rank_test(values, others).superiority == pytest.approx(3.5 / 6)


def test_few_images_of_the_same_kind_are_found_different_as_rarely_as_promised() -> None:
    random = np.random.default_rng(0)
    others = random.normal(size=500).round(1)
    p_values = [rank_test(random.normal(size=5).round(1), others).p_value for _ in range(1_000)]
    assert 0.03 <= np.mean(np.array(p_values) < 0.05) <= 0.065


def test_holm_corrects_by_the_number_of_tests_that_are_left() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1, 1]
    assert holm([]) == []
