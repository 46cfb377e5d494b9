"""The number of events is spread as the binomial, and as a sum over all cases."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from mnist_core.answers.poisson_binomial import poisson_binomial


@pytest.mark.parametrize(("n", "chance"), [(1, 0.3), (7, 0.5), (3_000, 0.99), (10_000, 1e-4)])
def test_events_of_one_chance_are_binomial(n: int, chance: float) -> None:
    found = poisson_binomial(np.full(n, chance))
    np.testing.assert_allclose(found, binom.pmf(np.arange(n + 1), n, chance), atol=1e-12)


def test_events_of_chances_of_their_own_are_counted_over_all_cases() -> None:
    chances = np.array([0.1, 0.85, 0.5, 1, 0.99, 0])
    expected = np.zeros(7)
    for happens in product([0, 1], repeat=6):
        expected[sum(happens)] += np.prod(np.where(happens, chances, 1 - chances))
    np.testing.assert_allclose(poisson_binomial(chances), expected, atol=1e-12)


def test_of_no_events_none_happens() -> None:
    assert poisson_binomial(np.empty(0)).tolist() == [1]
