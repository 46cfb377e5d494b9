"""Differences against McNemar's table by hand, the binomial sum, and repeated draws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.comparison import Comparison
from mnist_core.errors import EvaluationError
from mnist_core.evaluation import Answers


def answers(right: list[bool] | np.ndarray) -> Answers:
    """Answers to images of class 0 that are right or say 1."""
    wrong = ~np.asarray(right, bool)
    return Answers(np.zeros(len(wrong), np.uint8), wrong.astype(int), np.ones(len(wrong)), 2)


def pair(both: int, fixed: int, broken: int, neither: int) -> Comparison:
    before = [True] * both + [False] * fixed + [True] * broken + [False] * neither
    after = [True] * both + [True] * fixed + [False] * broken + [False] * neither
    return Comparison(answers(before), answers(after))


def test_fixed_and_broken_are_the_images_whose_verdict_changed():
    comparison = pair(both=2, fixed=3, broken=1, neither=2)
    assert comparison.fixed.tolist() == [2, 3, 4]
    assert comparison.broken.tolist() == [5]
    assert comparison.difference == 2 / 8
    assert comparison.difference == comparison.after.accuracy - comparison.before.accuracy


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_p_value_is_the_two_sided_binomial_sum(fixed: int, broken: int):
    n = fixed + broken
    tail = sum(math.comb(n, k) for k in range(min(fixed, broken) + 1)) / 2**n
    expected = min(1.0, 2 * tail)
    assert pair(10, fixed, broken, 1).p_value == pytest.approx(expected)


def test_the_textbook_example_differs_by_more_than_chance():
    # Agresti, Categorical Data Analysis, table of approval ratings: 150 and 86 changed their mind.
    comparison = pair(794, 86, 150, 570)
    assert comparison.difference == pytest.approx(-0.04)
    assert comparison.p_value == pytest.approx(3.7e-5, rel=0.05)
    low, high = comparison.interval
    assert (low, high) == pytest.approx((-0.0588, -0.0212), abs=2e-4)


def test_the_interval_holds_the_true_difference_as_often_as_it_says():
    random = np.random.default_rng(0)
    shares = np.array([0.96, 0.015, 0.01, 0.015])  # both, fixed, broken, neither
    hits = 0
    for counts in random.multinomial(1_000, shares, size=1_000):
        low, high = pair(*counts).interval
        hits += low <= 0.005 <= high
    assert 930 <= hits <= 975


def test_the_same_answers_differ_by_nothing():
    comparison = pair(5, 0, 0, 2)
    assert comparison.p_value == 1
    assert comparison.difference == 0
    low, high = comparison.interval
    assert low < 0 < high


def test_answers_to_other_images_are_not_compared():
    others = Answers(np.array([1, 1], np.uint8), np.array([1, 1]), np.ones(2), 2)
    with pytest.raises(EvaluationError, match="the same images"):
        Comparison(answers([True, True]), others)
