"""All that follows from true and predicted classes, against scikit-learn, scipy and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from sklearn.calibration import calibration_curve

from mnist_core.answers.evaluation import Answers, Confusion, evaluate
from mnist_core.errors import EvaluationError
from mnist_core.statistics import wilson_interval

# Worked out by hand: true classes down, predicted classes across.
MATRIX = np.array([[2, 1, 0], [0, 1, 2], [0, 0, 0]])
Y_TRUE = np.array([0, 0, 0, 1, 1, 1], np.uint8)
Y_PROB = np.array(
    [
        [0.50, 0.25, 0.25],  # right
        [0.25, 0.75, 0.00],  # 0 taken for 1
        [1.00, 0.00, 0.00],  # right
        [0.25, 0.25, 0.50],  # 1 taken for 2, unsure
        [0.00, 1.00, 0.00],  # right
        [0.00, 0.25, 0.75],  # 1 taken for 2, sure
    ],
    np.float32,
)


@pytest.fixture
def by_hand() -> Answers:
    return evaluate(Y_TRUE, Y_PROB)


@st.composite
def answers(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """True classes and probabilities of one to 40 images and two to twelve classes."""
    n, n_classes = draw(st.integers(1, 40)), draw(st.integers(2, 12))
    y_true = draw(st_np.arrays(np.uint8, n, elements=st.integers(0, n_classes - 1)))
    logits = st_np.arrays(np.float32, (n, n_classes), elements=st.floats(-5, 5, width=32))
    exponentials = np.exp(draw(logits))
    return y_true, exponentials / exponentials.sum(axis=1, keepdims=True)


@given(answers())
def test_matrix_and_scores_of_each_class_are_those_of_scikit_learn(answers):
    from sklearn import metrics

    y_true, y_prob = answers
    evaluation = evaluate(y_true, y_prob)
    classes = range(y_prob.shape[1])
    y_pred = np.argmax(y_prob, axis=1)
    assert np.array_equal(evaluation.y_pred, y_pred)
    assert np.array_equal(
        evaluation.confusion_matrix, metrics.confusion_matrix(y_true, y_pred, labels=classes)
    )
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        y_true, y_pred, labels=classes, zero_division=np.nan
    )
    np.testing.assert_allclose(evaluation.precision, precision)
    np.testing.assert_allclose(evaluation.recall, recall)
    np.testing.assert_allclose(evaluation.f1, f1)
    assert np.array_equal(evaluation.support, support)
    assert evaluation.accuracy == pytest.approx(metrics.accuracy_score(y_true, y_pred))


@given(answers())
def test_the_mean_loss_is_the_log_loss_of_scikit_learn(answers):
    from sklearn.metrics import log_loss

    y_true, y_prob = answers
    exact = y_prob.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    expected = log_loss(y_true, exact, labels=range(y_prob.shape[1]))
    assert evaluate(y_true, y_prob).loss.mean() == pytest.approx(expected, rel=1e-5)


@given(answers())
def test_every_image_is_found_in_its_cell_the_most_confident_first(answers):
    evaluation = evaluate(*answers)
    found = []
    for true, predicted in np.ndindex(evaluation.confusion_matrix.shape):
        positions = evaluation.find(true, predicted)
        assert len(positions) == evaluation.confusion_matrix[true, predicted]
        assert (np.diff(evaluation.confidence[positions]) <= 0).all()
        assert all(evaluation.cell_of(position) == (true, predicted) for position in positions)
        found += positions.tolist()
    assert sorted(found) == list(range(len(evaluation)))


def test_a_matrix_worked_out_by_hand(by_hand):
    assert len(by_hand) == 6
    assert by_hand.n_classes == 3
    assert by_hand.y_pred.tolist() == [0, 1, 0, 2, 1, 2]
    assert np.array_equal(by_hand.confusion_matrix, MATRIX)
    assert by_hand.accuracy == 0.5
    assert by_hand.accuracy_interval == wilson_interval(3, 6)
    assert by_hand.support.tolist() == [3, 3, 0]
    np.testing.assert_allclose(by_hand.recall, [2 / 3, 1 / 3, np.nan])
    np.testing.assert_allclose(by_hand.precision, [1, 1 / 2, 0])
    np.testing.assert_allclose(by_hand.f1, [4 / 5, 2 / 5, 0])


def test_the_loss_is_in_nats_and_an_impossible_truth_costs_no_more_than_in_keras(by_hand):
    np.testing.assert_allclose(by_hand.loss[[0, 2, 5]], [np.log(2), 0, np.log(4)])
    assert evaluate(np.array([1]), np.array([[1.0, 0.0]])).loss[0] == -np.log(1e-7)


def test_of_equal_probabilities_the_lowest_class_is_predicted(by_hand):
    assert evaluate(np.array([1]), np.array([[0.5, 0.5]])).y_pred.tolist() == [0]
    assert by_hand.ranked_classes(0).tolist() == [0, 1, 2]
    assert by_hand.ranked_classes(5).tolist() == [2, 1, 0]


def test_images_of_a_cell_come_the_most_confident_first(by_hand):
    assert by_hand.find(1, 2).tolist() == [5, 3]
    assert by_hand.find(2, 0).tolist() == []


def test_the_cell_of_an_image_is_its_true_and_predicted_class(by_hand):
    assert by_hand.cell_of(1) == (0, 1)


def test_the_most_confused_cells_are_the_largest_off_the_diagonal_without_empty_ones(by_hand):
    assert by_hand.most_confused(1) == [Confusion(1, 2, 2)]
    assert by_hand.most_confused(9) == [Confusion(1, 2, 2), Confusion(0, 1, 1)]
    assert evaluate(Y_TRUE, np.eye(3)[Y_TRUE]).most_confused(5) == []


def test_equally_large_confusions_keep_the_order_of_the_matrix():
    y_prob = np.eye(3)[[1, 2, 0, 2, 0, 1]]
    cells = evaluate(np.array([0, 0, 1, 1, 2, 2]), y_prob).most_confused(3)
    assert [(cell.true, cell.predicted) for cell in cells] == [(0, 1), (0, 2), (1, 0)]


def test_the_top_losses_come_the_highest_first_and_equal_ones_in_order(by_hand):
    # The truths of the images have the probabilities ½, ¼, 1, ¼, 1, ¼.
    assert by_hand.top_losses(4).tolist() == [1, 3, 5, 0]
    assert by_hand.top_losses(100).tolist() == [1, 3, 5, 0, 2, 4]


def test_calibration_of_a_case_worked_out_by_hand(by_hand):
    # Confidences ½ and ½ lie in (0, ½]: one of two right. ¾, 1, 1, ¾ in (½, 1]: two of four right.
    calibration = by_hand.calibration(bins=2)
    assert calibration.count.tolist() == [2, 4]
    assert calibration.confidence.tolist() == [0.5, 0.875]
    assert calibration.accuracy.tolist() == [0.5, 0.5]
    assert calibration.expected_error == (2 * 0 + 4 * 0.375) / 6


def test_calibration_leaves_out_empty_bins_and_counts_every_image_once(by_hand):
    calibration = by_hand.calibration(bins=4)
    assert calibration.count.tolist() == [2, 2, 2]
    assert calibration.confidence.tolist() == [0.5, 0.75, 1]
    above_one = evaluate(np.array([0]), np.array([[1 + 5e-6, 0]]))
    assert above_one.calibration(bins=4).count.tolist() == [1]


def test_calibration_in_bins_of_given_edges(by_hand):
    calibration = by_hand.calibration([0, 0.5, 0.75, 1])
    assert calibration.edges.tolist() == [[0, 0.5], [0.5, 0.75], [0.75, 1]]
    assert calibration.count.tolist() == [2, 2, 2]
    assert calibration.confidence.tolist() == [0.5, 0.75, 1]
    assert by_hand.calibration([0, 0.25, 0.5, 1]).edges.tolist() == [[0.25, 0.5], [0.5, 1]]


def test_calibration_is_that_of_scikit_learn():
    random = np.random.default_rng(4)
    evaluation = evaluate(random.integers(0, 5, 900), random.dirichlet(np.full(5, 0.3), 900))
    is_right = evaluation.y_pred == evaluation.y_true
    accuracy, confidence = calibration_curve(is_right, evaluation.confidence, n_bins=12)
    found = evaluation.calibration(bins=12)
    assert found.accuracy == pytest.approx(accuracy)
    assert found.confidence == pytest.approx(confidence)


@given(answers())
def test_calibration_over_one_bin_is_mean_confidence_against_accuracy(answers):
    evaluation = evaluate(*answers)
    calibration = evaluation.calibration(bins=1)
    assert calibration.confidence == pytest.approx(evaluation.confidence.mean(), rel=1e-5)
    assert calibration.accuracy == pytest.approx(evaluation.accuracy)
    assert evaluation.calibration().count.sum() == len(evaluation)


def test_nothing_in_an_evaluation_can_be_changed(by_hand):
    for name in ("y_true", "y_prob", "y_pred", "confidence", "loss", "confusion_matrix"):
        array = getattr(by_hand, name)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(AttributeError):
        by_hand.y_true = Y_TRUE


@pytest.mark.parametrize(
    ("y_true", "y_prob", "complaint"),
    [
        (Y_TRUE[:5], Y_PROB, r"shape \(5,\) and probabilities of shape \(6, 3\)"),
        (Y_TRUE, Y_PROB[:, 0], r"probabilities of shape \(6,\)"),
        (Y_TRUE[:, None], Y_PROB, r"true classes of shape \(6, 1\)"),
        (Y_TRUE[:0], Y_PROB[:0], r"shape \(0,\)"),
        (Y_TRUE + 2, Y_PROB, "from 0 to 2. Received: uint8 from 2 to 3"),
        (Y_TRUE.astype(int) - 1, Y_PROB, "int64 from -1 to 0"),
        (Y_TRUE.astype(float), Y_PROB, "float64"),
        (Y_TRUE.astype(str), Y_PROB, "<U3"),
        (Y_TRUE, np.log(Y_PROB + 1) * 2, "numbers from 0.0 to 1.3"),
        (Y_TRUE, Y_PROB - 0.1, "numbers from -0.1"),
        (Y_TRUE, np.where(Y_PROB == 1, np.nan, Y_PROB), "from nan to nan"),
        (Y_TRUE, np.where(Y_PROB == 1, np.inf, Y_PROB), "to inf"),
    ],
)
def test_what_does_not_fit_together_is_one_clear_error(y_true, y_prob, complaint):
    with pytest.raises(EvaluationError, match=complaint):
        evaluate(y_true, y_prob)


def test_answers_alone_count_as_the_evaluation_they_come_from(by_hand):
    answers = Answers(by_hand.y_true, by_hand.y_pred, by_hand.confidence, 3)
    assert np.array_equal(answers.confusion_matrix, by_hand.confusion_matrix)
    assert answers.accuracy == by_hand.accuracy
    assert answers.calibration().expected_error == by_hand.calibration().expected_error
    assert np.array_equal(answers.find(1, 2), by_hand.find(1, 2))


def test_scores_have_an_order_and_no_calibration():
    evaluation = evaluate(np.array([0, 1]), np.array([[2.5, -1], [0.5, -3.0]]), "scores")
    assert evaluation.y_pred.tolist() == [0, 0]
    assert evaluation.confidence.tolist() == [2.5, 0.5]
    assert evaluation.loss.tolist() == [0.0, (1.5 + 4) / 2]
    with pytest.raises(EvaluationError, match="Received: scores, of which only the order counts"):
        evaluation.calibration()


def test_answers_that_do_not_fit_the_labels_are_one_clear_error():
    with pytest.raises(EvaluationError, match=r"answers of shape \(1,\)"):
        Answers(np.array([0, 1]), np.array([0]), np.array([0.5]), 2)
    with pytest.raises(EvaluationError, match="finite confidence"):
        Answers(np.array([0]), np.array([0]), np.array([np.nan]), 2)
    with pytest.raises(EvaluationError, match="Received: none"):
        Answers(np.empty(0, int), np.empty(0, int), np.empty(0), 2)
    with pytest.raises(EvaluationError, match="finite scores"):
        evaluate(np.array([0]), np.array([[np.inf, 0]]), "scores")


@pytest.mark.parametrize("confidence", [-0.25, 1.25])
def test_a_confidence_that_is_no_probability_is_refused_unless_it_is_a_score(confidence):
    recorded = np.array([0.5, confidence], np.float16)
    said = "between 0 and 1. Received: some from"
    with pytest.raises(EvaluationError, match=said):
        Answers(np.array([0, 1]), np.array([0, 1]), recorded, 2)
    with pytest.raises(EvaluationError, match=said):
        Answers(np.array([0, 1]), np.array([0, 1]), recorded, 2, y_prob=np.eye(2))
    assert len(Answers(np.array([0, 1]), np.array([0, 1]), recorded, 2, "scores")) == 2
    rounded = np.float32([1, 1 + 1e-6])
    assert len(Answers(np.array([0, 1]), np.array([0, 1]), rounded, 2)) == 2


@given(answers())
def test_false_negatives_and_positives_are_the_row_and_the_column_without_the_diagonal(answers):
    evaluation = evaluate(*answers)
    matrix = evaluation.confusion_matrix
    off_diagonal = matrix - np.diag(matrix.diagonal())
    for label in range(evaluation.n_classes):
        assert len(evaluation.find(label, None)) == off_diagonal[label].sum()
        assert len(evaluation.find(None, label)) == off_diagonal[:, label].sum()
    everything = evaluation.find(None, None)
    assert set(everything) == set(np.flatnonzero(evaluation.y_true != evaluation.y_pred))
    assert np.all(np.diff(evaluation.confidence[everything]) <= 0)


def test_images_are_ordered_by_confidence_loss_margin_or_place(by_hand):
    all_of_them = np.array([5, 3, 1, 0, 2, 4])
    assert by_hand.ordered(all_of_them, by="index").tolist() == [0, 1, 2, 3, 4, 5]
    assert by_hand.ordered(all_of_them, by="confidence").tolist() == [2, 4, 1, 5, 0, 3]
    # Probabilities of the truth: 0.5, 0.25, 1, 0.25, 1, 0.25.
    assert by_hand.ordered(all_of_them, by="loss").tolist() == [1, 3, 5, 0, 2, 4]
    # First less second: 0.25, 0.5, 1, 0.25, 1, 0.5.
    assert by_hand.ordered(all_of_them, by="margin").tolist() == [0, 3, 1, 5, 2, 4]


def test_recorded_answers_have_no_order_by_loss(by_hand):
    recorded = Answers(by_hand.y_true, by_hand.y_pred, by_hand.confidence, 3)
    with pytest.raises(EvaluationError, match="gave to every class"):
        recorded.ordered(np.arange(6), by="loss")


@given(answers(), st.data())
def test_without_some_images_every_number_is_that_of_the_others(answers, data):
    evaluation = evaluate(*answers)
    n = len(evaluation)
    left_out = data.draw(st.sets(st.integers(0, n - 1), max_size=n - 1))
    kept = [place for place in range(n) if place not in left_out]
    without = evaluation.without(np.array(sorted(left_out), np.int64))
    assert np.array_equal(without.y_prob, evaluation.y_prob[kept])
    assert without.accuracy == np.mean(evaluation.y_pred[kept] == evaluation.y_true[kept])
    recorded = Answers(
        evaluation.y_true, evaluation.y_pred, evaluation.confidence, evaluation.n_classes
    )
    assert np.array_equal(
        recorded.without(np.array(sorted(left_out), np.int64)).confusion_matrix,
        without.confusion_matrix,
    )


def test_scores_stay_scores_where_images_are_left_out():
    y_true, scores = np.array([0, 1, 1]), np.array([[2.5, -1], [0.5, -3.0], [-1, 4]])
    whole = evaluate(y_true, scores, "scores")
    recorded = Answers(y_true, whole.y_pred, whole.confidence, 2, "scores")
    assert whole.without(np.array([1])).output == "scores"
    assert recorded.without(np.array([1])).output == "scores"


def test_of_every_class_the_most_confident_right_and_wrong_image_is_an_example(by_hand):
    # 0: images 0 (½) and 2 (1) are right, 1 is wrong. 1: 4 is right, 3 (½) and 5 (¾) are wrong.
    assert by_hand.right_and_wrong() == [2, 1, 4, 5]


def test_a_part_of_some_answers_can_be_replaced_and_all_else_is_checked_against_it(by_hand):
    more_true = replace(by_hand, y_true=np.zeros(6, np.uint8))
    assert more_true.accuracy == 2 / 6
    assert np.array_equal(more_true.outputs, by_hand.outputs)
    recorded = replace(by_hand, y_prob=None)
    assert recorded.find(1, 2).tolist() == [5, 3]
    with pytest.raises(EvaluationError, match="only the predictions that were recorded"):
        recorded.ranked_classes(0)
    with pytest.raises(EvaluationError, match="or other predictions"):
        replace(by_hand, y_pred=np.zeros(6, int))
    with pytest.raises(EvaluationError, match=r"of shape \(6, 4\)"):
        replace(by_hand, n_classes=4)


def test_recorded_predictions_of_no_class_or_without_a_confidence_are_refused(by_hand):
    with pytest.raises(EvaluationError, match="predicted classes from 0 to 2"):
        Answers(Y_TRUE, np.array([0, 1, 2, 3, 1, 2]), by_hand.confidence, 3)
    with pytest.raises(EvaluationError, match="finite confidence"):
        Answers(Y_TRUE, by_hand.y_pred, np.array([0.5, np.nan, 1, 1, 1, 1]), 3)
