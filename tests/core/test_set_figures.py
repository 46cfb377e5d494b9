"""How a run does on a set, against all else: a table worked by hand, and scipy."""

import numpy as np
import pytest

from mnist_core.answers.evaluation import Answers
from mnist_core.sets import set_figures
from mnist_core.statistics import holm

NOBODY = np.empty(0, np.int64)


def answers(is_right: np.ndarray) -> Answers:
    y_true = np.zeros(len(is_right), np.uint8)
    return Answers(y_true, np.where(is_right, 0, 1), np.full(len(is_right), 0.9), 2)


def test_a_table_worked_by_hand() -> None:
    # Of the set 1 of 4 is right, of all else 5 of 6. Six right of ten, four of them drawn:
    # P(k of them in the set) = C(6,k)·C(4,4−k)/C(10,4), that is 1, 24, 90, 80, 15 of 210 for k = 0
    # to 4. Seen was k = 1; as improbable are k = 0 and 4: p = (1 + 24 + 15) / 210.
    is_right = np.array([1, 0, 0, 0, 1, 1, 1, 1, 1, 0], bool)
    (found,) = set_figures([np.arange(4)], [""], answers(is_right), NOBODY)
    assert (found.size, found.n_right, found.n_others, found.n_others_right) == (4, 1, 6, 5)
    assert found.p_value == pytest.approx(40 / 210, rel=1e-12)
    assert (found.share, found.accuracy, found.others_accuracy) == (0.4, 0.25, 5 / 6)
    assert found.difference == pytest.approx(0.25 - 5 / 6)
    assert found.accuracy_interval == pytest.approx((0.0456, 0.6994), abs=1e-4)


def test_sets_of_a_list_are_tested_together_as_scipy_would() -> None:
    from scipy.stats import fisher_exact

    random = np.random.default_rng(3)
    is_right = random.random(10_000) < 0.97
    is_right[200:260] = False
    sets = [np.arange(start, start + n) for start, n in ((0, 400), (3_000, 50), (200, 80), (9, 1))]
    left_out = np.arange(5_000, 5_100)
    reasons = ["", "", "", "picked one by one"]
    found = set_figures(sets, reasons, answers(is_right), left_out)
    counts = ~np.isin(np.arange(10_000), left_out)
    expected = []
    for positions in sets[:3]:
        inside = np.isin(np.arange(10_000), positions)
        table = [
            [int((is_right & who).sum()), int((~is_right & who).sum())]
            for who in (inside & counts, ~inside & counts)
        ]
        expected.append(fisher_exact(table).pvalue)
    assert [one.p_value for one in found[:3]] == pytest.approx(holm(expected), rel=1e-9)
    assert found[2].p_value < 1e-60
    assert found[3].p_value is None
    assert found[3].untested == "picked one by one"


def test_all_none_and_what_does_not_count_have_figures_as_far_as_there_are_any() -> None:
    is_right = np.array([1, 0, 1, 1], bool)
    everything, nothing, left = set_figures(
        [np.arange(4), NOBODY, np.array([1])], ["", "", ""], answers(is_right), np.array([1])
    )
    assert (everything.size, everything.accuracy, everything.others_accuracy) == (3, 1, None)
    assert (everything.p_value, everything.untested) == (None, "it has all images")
    for empty in (nothing, left):
        assert (empty.size, empty.accuracy, empty.accuracy_interval) == (0, None, None)
        assert (empty.difference, empty.p_value, empty.untested) == (None, None, "it has none")
