"""Differences against a textbook's table, scikit-learn, repeated draws."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import confusion_matrix

from mnist_core.answers.comparison import Comparison, Part
from mnist_core.answers.evaluation import Answers
from mnist_core.errors import EvaluationError


def answers(right: list[bool] | np.ndarray) -> Answers:
    """Answers to images of class 0 that are right or say 1."""
    wrong = ~np.asarray(right, bool)
    return Answers(np.zeros(len(wrong), np.uint8), wrong.astype(int), np.ones(len(wrong)), 2)


def pair(both: int, repaired: int, broken: int, neither: int) -> Comparison:
    before = [True] * both + [False] * repaired + [True] * broken + [False] * neither
    after = [True] * both + [True] * repaired + [False] * broken + [False] * neither
    return Comparison(answers(before), answers(after))


def test_repaired_and_broken_are_the_images_whose_verdict_changed():
    comparison = pair(both=2, repaired=3, broken=1, neither=2)
    assert comparison.repaired.tolist() == [2, 3, 4]
    assert comparison.broken.tolist() == [5]
    assert comparison.difference == 2 / 8
    assert comparison.difference == comparison.after.accuracy - comparison.before.accuracy


def test_the_textbook_example_differs_by_more_than_chance():
    # Agresti, Categorical Data Analysis, table of approval ratings: 150 and 86 changed their mind.
    comparison = pair(794, 86, 150, 570)
    assert comparison.difference == pytest.approx(-0.04)
    assert comparison.p_value == pytest.approx(3.1e-5, rel=0.01)
    low, high = comparison.interval
    assert (low, high) == pytest.approx((-0.0588, -0.0212), abs=2e-4)


def test_the_interval_holds_the_true_difference_as_often_as_it_says():
    random = np.random.default_rng(0)
    shares = np.array([0.96, 0.015, 0.01, 0.015])  # both, repaired, broken, neither
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


def test_answers_to_images_of_other_classes_are_not_compared_and_it_is_said_how_many():
    others = Answers(np.array([0, 1], np.uint8), np.array([1, 1]), np.ones(2), 2)
    with pytest.raises(EvaluationError, match="1 of 2 images with another true class"):
        Comparison(answers([True, True]), others)
    with pytest.raises(EvaluationError, match="answers to 3 and to 2 images"):
        Comparison(answers([True, True, True]), others)


# Truth, prediction before, prediction after of nine images, worked out by hand.
BY_HAND = np.array(
    [
        (0, 0, 0),  # right both times
        (0, 1, 0),  # repaired, was taken for 1
        (0, 2, 0),  # repaired, was taken for 2
        (1, 1, 2),  # broken
        (1, 2, 2),  # still wrong, the same way
        (1, 0, 2),  # still wrong, another way
        (2, 2, 0),  # broken
        (2, 1, 2),  # repaired
        (2, 2, 2),  # right both times
    ]
)


def of_classes(y_true: np.ndarray, before: np.ndarray, after: np.ndarray, n: int) -> Comparison:
    sure = np.ones(len(y_true), np.float32)
    y_true = y_true.astype(np.uint8)
    return Comparison(Answers(y_true, before, sure, n), Answers(y_true, after, sure, n))


@pytest.fixture
def by_hand() -> Comparison:
    return of_classes(*BY_HAND.T, 3)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """One to 30 images of two to twelve classes, answered twice."""
    n, n_classes = draw(st.integers(1, 30)), draw(st.integers(2, 12))
    three = draw(arrays(np.int64, (3, n), elements=st.integers(0, n_classes - 1)))
    return of_classes(*three, n_classes)


def cells(n_classes: int) -> list[tuple[int | None, int | None]]:
    """Every cell, row and column of a matrix, and all of it."""
    classes = (*range(n_classes), None)
    return [(row, column) for row in classes for column in classes]


def test_the_parts_of_a_comparison_worked_out_by_hand(by_hand: Comparison) -> None:
    assert by_hand.still_wrong.tolist() == [4, 5]
    assert by_hand.part_matrix("repaired").tolist() == [[0, 1, 1], [0, 0, 0], [0, 1, 0]]
    assert by_hand.part_matrix("broken").tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 0]]
    assert by_hand.part_matrix("still").tolist() == [[0, 0, 0], [0, 0, 2], [0, 0, 0]]
    assert by_hand.find("repaired", 0, 2).tolist() == [2]
    assert by_hand.find("repaired", None, 1).tolist() == [1, 7]
    assert by_hand.find("still", 1, 0).tolist() == []  # what it is mistaken for now counts
    assert by_hand.find("broken", None, None).tolist() == [3, 6]


def test_predictions_against_predictions_worked_out_by_hand(by_hand: Comparison) -> None:
    assert by_hand.predictions_matrix.tolist() == [[1, 0, 1], [1, 0, 2], [2, 0, 2]]
    assert by_hand.find_predictions(2, 2).tolist() == [4, 8]  # agreed, whatever the truth
    assert by_hand.find_predictions(2, None).tolist() == [2, 6]
    assert by_hand.find_predictions(None, 0).tolist() == [1, 2, 6]
    assert by_hand.find_predictions(None, None).tolist() == [1, 2, 3, 5, 6, 7]


@given(comparisons())
def test_every_image_wrong_at_least_once_is_in_one_part(pair: Comparison) -> None:
    parts = np.concatenate([pair.find(part, None, None) for part in get_args(Part)])
    y_true = pair.after.y_true
    wrong = (pair.before.y_pred != y_true) | (pair.after.y_pred != y_true)
    assert sorted(parts) == np.flatnonzero(wrong).tolist()


@given(comparisons())
def test_repaired_and_still_wrong_were_the_mistakes_before(pair: Comparison) -> None:
    repaired, broken, still = (pair.part_matrix(part) for part in get_args(Part))
    misses_before = pair.before.confusion_matrix - np.diag(pair.before.confusion_matrix.diagonal())
    assert np.array_equal((repaired + still).sum(axis=1), misses_before.sum(axis=1))
    mistakes_after = pair.after.confusion_matrix - np.diag(pair.after.confusion_matrix.diagonal())
    assert np.array_equal(broken + still, mistakes_after)


@given(comparisons())
def test_a_part_holds_as_many_images_in_a_cell_as_its_matrix_says(pair: Comparison) -> None:
    for part in get_args(Part):
        matrix = pair.part_matrix(part)
        for true, predicted in cells(pair.n_classes):
            rows = slice(None) if true is None else true
            columns = slice(None) if predicted is None else predicted
            assert len(pair.find(part, true, predicted)) == matrix[rows, columns].sum()


@given(comparisons())
def test_predictions_are_counted_as_scikit_learn_counts_them(pair: Comparison) -> None:
    before, after = pair.before.y_pred, pair.after.y_pred
    expected = confusion_matrix(before, after, labels=range(pair.n_classes))
    assert np.array_equal(pair.predictions_matrix, expected)
    disagreed = expected - np.diag(expected.diagonal())
    for row, column in cells(pair.n_classes):
        found = pair.find_predictions(row, column)
        counted = expected if None not in (row, column) else disagreed
        rows = slice(None) if row is None else row
        columns = slice(None) if column is None else column
        assert len(found) == counted[rows, columns].sum()
        assert row is None or set(before[found]) <= {row}
        assert column is None or set(after[found]) <= {column}


def test_models_that_tell_apart_more_and_fewer_classes_are_compared_over_all_of_them() -> None:
    y_true = np.array([0, 1, 1], np.uint8)
    two = Answers(y_true, np.array([0, 1, 0]), np.ones(3), 2)
    four = Answers(y_true, np.array([3, 1, 2]), np.ones(3), 4)
    assert Comparison(two, four).part_matrix("broken").shape == (4, 4)
    assert Comparison(two, four).find("broken", 0, 3).tolist() == [0]
    assert Comparison(four, two).predictions_matrix[3].tolist() == [1, 0, 0, 0]
    with pytest.raises(ValueError, match="read-only"):
        Comparison(four, two).predictions_matrix[0, 0] = 1


def test_images_of_a_cell_of_predictions_lie_as_in_the_split_however_confident() -> None:
    y_true, confidence = np.zeros(4, np.uint8), np.array([0.2, 0.9, 0.4, 0.8])
    before = Answers(y_true, np.zeros(4), confidence, 2)
    after = Answers(y_true, np.ones(4), confidence, 2)
    assert Comparison(before, after).find_predictions(0, 1).tolist() == [0, 1, 2, 3]
