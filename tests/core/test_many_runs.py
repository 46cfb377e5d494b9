"""Several runs on the same images, against loops, scipy and cases worked out by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from mnist_core.answers.evaluation import evaluate
from mnist_core.answers.many_runs import ManyRuns
from mnist_core.answers.mean_answers import mean_answers
from mnist_core.errors import EvaluationError

BY_HAND = ManyRuns(
    np.array([0, 1, 2, 3, 4]),
    np.array(
        [
            [0, 1, 2, 3, 9],  # wrong on 4
            [0, 1, 2, 7, 9],  # wrong on 3 and 4
            [5, 1, 2, 8, 1],  # wrong on 0, 3 and 4
        ]
    ),
)


def test_three_runs_by_hand():
    runs = BY_HAND
    assert runs.errors.tolist() == [1, 2, 3]
    assert runs.accuracy == pytest.approx([0.8, 0.6, 0.4])
    assert runs.best == 0
    assert runs.n_wrong.tolist() == [1, 0, 0, 2, 3]
    assert runs.wrong_in_all().tolist() == [4]
    assert runs.right_in_all().tolist() == [1, 2]
    assert [runs.wrong_alone(k).tolist() for k in range(3)] == [[], [], [0]]
    assert runs.both_wrong(1, 2).tolist() == [3, 4]
    assert runs.wrong_in_most().tolist() == [4]
    assert runs.shared_errors([0, 2]).tolist() == [[1, 1], [1, 3]]
    assert runs.shared_by_chance([0, 2])[0, 1] == pytest.approx(3 / 5)
    assert runs.said(4) == [(9, 2), (1, 1)]
    assert runs.said(3) == [(3, 1), (7, 1), (8, 1)]


@given(
    st.tuples(st.integers(1, 5), st.integers(1, 30)).flatmap(
        lambda shape: st.tuples(
            arrays(np.uint8, shape[1], elements=st.integers(0, 2)),
            arrays(np.uint8, shape, elements=st.integers(0, 2)),
        )
    )
)
def test_sets_of_images_are_those_that_a_loop_finds(drawn):
    y_true, predicted = drawn
    runs, n = ManyRuns(y_true, predicted), len(y_true)
    wrong = [{i for i in range(n) if row[i] != y_true[i]} for row in predicted]
    assert set(runs.wrong_in_all().tolist()) == set.intersection(*wrong)
    assert set(runs.right_in_all().tolist()) == set(range(n)) - set.union(*wrong)
    for k, mine in enumerate(wrong):
        others = [other for j, other in enumerate(wrong) if j != k]
        assert set(runs.wrong_alone(k).tolist()) == mine - set().union(*others)
        assert runs.alone[k] == len(mine - set().union(*others))
        assert runs.accuracy[k] == pytest.approx(1 - len(mine) / n)
    shared = runs.shared_errors(range(len(runs)))
    for j, k in product(range(len(runs)), repeat=2):
        assert shared[j, k] == len(wrong[j] & wrong[k]) == len(runs.both_wrong(j, k))
    assert len(wrong[runs.best]) == min(map(len, wrong))


def planted(errors: list[int], n: int = 10_000, seed: int = 0) -> ManyRuns:
    """Runs with so many errors each, on images at random."""
    random = np.random.default_rng(seed)
    predicted = np.zeros((len(errors), n), np.uint8)
    for row, count in zip(predicted, errors, strict=True):
        row[random.choice(n, count, replace=False)] = 1
    return ManyRuns(np.zeros(n, np.uint8), predicted)


def test_every_run_is_tested_against_the_best_and_corrected_for_all():
    runs = planted([60, 40, 62, 300, 90])
    best = runs.is_wrong[1]
    plain = []
    for k in (0, 2, 3, 4):
        other = runs.is_wrong[k]
        gained, lost = int((best & ~other).sum()), int((other & ~best).sum())
        # McNemar's statistic without a correction is that of Tango's test of no difference.
        plain.append(2 * norm.sf(abs(gained - lost) / np.sqrt(gained + lost)))
        against = runs.against_best[k]
        assert against.test.difference == pytest.approx((gained - lost) / 10_000)
        assert against.test.p_value == pytest.approx(plain[-1], rel=1e-9, abs=1e-300)
    order = np.argsort(plain)
    stepped = np.maximum.accumulate([(4 - i) * plain[k] for i, k in enumerate(order)]).clip(max=1)
    corrected = dict(zip(order, stepped, strict=True))
    found = [runs.against_best[k].p_value for k in (0, 2, 3, 4)]
    assert found == pytest.approx([corrected[k] for k in range(4)], rel=1e-9)
    assert runs.against_best[1] is None
    # By itself the third would differ, not among four.
    assert plain[1] < 0.05 <= found[1]
    assert runs.leading == (1, 0, 2)


def test_of_equal_runs_all_lead_and_the_first_is_the_best():
    runs = planted([7, 5, 5], n=100)
    assert runs.best == 1
    assert runs.leading[:2] == (1, 2)
    same = ManyRuns(np.zeros(3, int), np.array([[0, 0, 1]] * 4))
    assert same.leading == (0, 1, 2, 3)
    assert {against.p_value for against in same.against_best[1:]} == {1.0}


def test_one_run_leads_alone_and_without_errors_nothing_is_wrong_in_most():
    alone = ManyRuns(np.array([1, 2]), np.array([[1, 2]]))
    assert alone.leading == (0,)
    assert alone.wrong_in_most().tolist() == []
    assert alone.wrong_in_all().tolist() == []
    assert alone.accuracy_interval(0)[1] == 1


def test_independent_errors_meet_as_often_as_chance_says():
    runs = planted([1_000, 2_000], seed=3)
    shared = runs.shared_errors([0, 1])[0, 1]
    by_chance = runs.shared_by_chance([0, 1])[0, 1]
    assert by_chance == pytest.approx(200)
    assert abs(shared - by_chance) < 4 * np.sqrt(200)


@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (3,), (2, 4)])
def test_answers_that_do_not_fit_the_images_are_refused(shape):
    with pytest.raises(EvaluationError, match="the same images"):
        ManyRuns(np.zeros(3, int), np.zeros(shape, int))


def test_the_mean_of_probabilities_is_that_of_numpy():
    random = np.random.default_rng(1)
    y_probs = random.dirichlet(np.ones(4), size=(3, 50)).astype(np.float32)
    y_true = random.integers(0, 4, 50).astype(np.uint8)
    mean = mean_answers(y_true, iter(y_probs))
    expected = y_probs.astype(np.float64).mean(axis=0)
    np.testing.assert_allclose(mean.outputs, expected, atol=1e-12)
    np.testing.assert_array_equal(mean.y_pred, expected.argmax(axis=1))


def test_two_unsure_models_can_outvote_a_sure_one_and_a_smaller_model_counts_too():
    small = np.array([[0.4, 0.6]])
    large = np.array([[0.7, 0.2, 0.1]])
    mean = mean_answers(np.array([2], np.uint8), [large, np.array([[0.1, 0.5, 0.4]]), large])
    assert mean.y_pred.tolist() == [0]
    mixed = mean_answers(np.array([1], np.uint8), [small, large])
    np.testing.assert_allclose(mixed.outputs, [[0.55, 0.4, 0.05]])


def test_one_model_is_its_own_mean_and_none_has_none():
    y_prob = np.array([[0.3, 0.7], [0.8, 0.2]])
    y_true = np.array([1, 1], np.uint8)
    alone = mean_answers(y_true, [y_prob])
    np.testing.assert_array_equal(alone.outputs, evaluate(y_true, y_prob).outputs)
    with pytest.raises(EvaluationError, match="one or more models"):
        mean_answers(y_true, [])
    with pytest.raises(EvaluationError, match="between 0 and 1"):
        mean_answers(y_true, [y_prob, -y_prob])


def test_three_test_images_are_wrong_in_all_bundled_runs(full_mnist, bundled_models):
    from mnist_core.runs import list_runs, read_epoch_predictions

    test, rows = full_mnist.split("test"), []
    for run in list_runs(bundled_models):
        recorded = read_epoch_predictions(run, "test")
        rows.append(recorded.predicted[recorded.epochs.index(run.best_epoch)])
    assert ManyRuns(test.labels, np.stack(rows)).wrong_in_all().tolist() == [1232, 1901, 9729]
