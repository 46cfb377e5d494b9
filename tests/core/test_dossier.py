"""Dossiers of a few images worked out by hand, of planted differences, and of none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_core.answers.dossier import ENOUGH, Dossier, compile_dossier
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.errors import EvaluationError
from mnist_core.shapes import MEASURES, Shapes, measure

Y_TRUE = np.array([0, 0, 0, 0, 1, 1, 2, 2], np.uint8)
Y_PROB = np.array(
    [
        [0.9, 0.1, 0.0],  # right
        [0.2, 0.7, 0.1],  # 0 read as 1, 0 second
        [0.1, 0.6, 0.3],  # 0 read as 1, 0 third
        [0.4, 0.1, 0.5],  # 0 read as 2, 0 second
        [0.0, 0.8, 0.2],  # right
        [0.3, 0.5, 0.2],  # right
        [0.1, 0.8, 0.1],  # 2 read as 1; of equal ones the lower class comes first, so 2 is third
        [0.0, 0.1, 0.9],  # right
    ],
    np.float32,
)
IMAGES = np.zeros((8, 28, 28), np.uint8)
IMAGES[:, 10, 10] = [90, 100, 40, 10, 90, 60, 250, 30]


@pytest.fixture
def by_hand() -> Answers:
    return evaluate(Y_TRUE, Y_PROB)


def compiled(answers: Answers, images: np.ndarray = IMAGES, **group: int) -> Dossier:
    return compile_dossier(answers, images, measure(images), **group)


def even_shapes(n: int) -> Shapes:
    """Measures of `n` images, spread alike over every part of them."""
    random = np.random.default_rng(0)
    return Shapes({name: random.normal(10, 1, n) for name in MEASURES})


def misread(n: int, mistakes: int) -> Answers:
    """Answers to images of class 0, the first of which are read as 1."""
    y_pred = (np.arange(n) < mistakes).astype(np.int64)
    confidence = np.linspace(0.5, 1, n)
    return Answers(np.zeros(n, np.uint8), y_pred, confidence, 2)


def test_a_cell_worked_out_by_hand(by_hand: Answers) -> None:
    cell = compiled(by_hand, true=0, predicted=1)
    assert cell.positions.tolist() == [1, 2]
    assert (cell.support, cell.right_count, cell.runner_up) == (4, 1, 1)
    assert (cell.confidence, cell.right_confidence) == pytest.approx((0.65, 0.9))
    assert (cell.confidence_test, cell.contrasts) == (None, None)
    assert (cell.label, cell.is_right) == (0, False)
    assert cell.mean_image.dtype == np.float32
    assert cell.mean_image[10, 10] == 70
    assert cell.mean_image.sum() == 70
    # Two images are equally far from their mean.
    assert (cell.typical, cell.oddest) == (1, 2)


def test_all_false_negatives_of_a_class_worked_out_by_hand(by_hand: Answers) -> None:
    negatives = compiled(by_hand, true=0)
    assert negatives.positions.tolist() == [1, 2, 3]
    assert (negatives.support, negatives.right_count, negatives.runner_up) == (4, 1, 2)
    assert negatives.mean_image[10, 10] == 50
    assert (negatives.typical, negatives.oddest) == (2, 1)


def test_all_false_positives_of_a_class_worked_out_by_hand(by_hand: Answers) -> None:
    positives = compiled(by_hand, predicted=1)
    assert positives.positions.tolist() == [6, 1, 2]
    assert (positives.support, positives.right_count, positives.runner_up) == (5, 2, 1)
    assert (positives.label, positives.true, positives.predicted) == (1, None, 1)
    assert positives.right_confidence == pytest.approx(0.65)
    assert (positives.typical, positives.oddest) == (1, 6)


def test_what_was_read_right_is_not_compared_with_itself(by_hand: Answers) -> None:
    right = compiled(by_hand, true=1, predicted=1)
    assert right.is_right
    assert (right.positions.tolist(), right.support) == ([4, 5], 2)
    assert (right.runner_up, right.confidence_test, right.contrasts) == (None, None, None)


def test_one_image_is_its_own_mean_typical_and_oddest(by_hand: Answers) -> None:
    cell = compiled(by_hand, true=2, predicted=1)
    assert (cell.typical, cell.oddest) == (6, 6)
    assert np.array_equal(cell.mean_image, IMAGES[6])


def test_a_class_that_was_never_read_right_has_nothing_to_be_compared_with() -> None:
    cell = compiled(misread(8, 8), true=0, predicted=1)
    assert cell.right_count == 0
    assert np.isnan(cell.right_confidence)
    assert (cell.confidence_test, cell.contrasts) == (None, None)


def test_answers_without_probabilities_know_no_runner_up(by_hand: Answers) -> None:
    recorded = Answers(Y_TRUE, by_hand.y_pred, by_hand.confidence.astype(np.float16), 3)
    cell = compiled(recorded, true=0, predicted=1)
    assert cell.runner_up is None
    assert cell.confidence == pytest.approx(0.65, abs=1e-3)


@settings(max_examples=30)
@given(arrays(np.uint8, st.tuples(st.integers(1, 8), st.just(28), st.just(28))))
def test_the_typical_image_is_the_medoid_and_the_oddest_the_farthest(images: np.ndarray) -> None:
    n = len(images)
    dossier = compile_dossier(misread(n, n), images, even_shapes(n), true=0, predicted=1)
    flat = images.reshape(n, -1).astype(float)
    to_all = ((flat[:, None] - flat[None]) ** 2).sum(axis=(1, 2))
    to_mean = ((flat - dossier.mean_image.reshape(-1)) ** 2).sum(axis=1)
    assert to_all[dossier.typical] == to_all.min()
    assert to_mean[dossier.typical] == pytest.approx(to_mean.min(), rel=1e-4)
    assert to_mean[dossier.oddest] == pytest.approx(to_mean.max(), rel=1e-4)


def test_planted_differences_are_found_the_clearest_first() -> None:
    from scipy.stats import mannwhitneyu

    answers, shapes = misread(220, 20), even_shapes(220)
    slant, thickness = shapes["slant"].copy(), shapes["thickness"].copy()
    slant[:20] -= 8
    thickness[:20] += 1.5
    shapes = Shapes({**shapes.values, "slant": slant, "thickness": thickness})
    dossier = compile_dossier(
        answers, np.zeros((220, 28, 28), np.uint8), shapes, true=0, predicted=1
    )
    assert dossier.contrasts is not None
    first, second = dossier.contrasts
    assert (first.measure, second.measure) == ("slant", "thickness")
    assert first.superiority < 0.001
    assert second.superiority > 0.8
    assert (first.median, first.right_median) == (np.median(slant[:20]), np.median(slant[20:]))
    # Holm: the clearest of five p-values times five, the next times four.
    alone = mannwhitneyu(slant[:20], slant[20:], method="asymptotic").pvalue
    assert first.p_value == pytest.approx(5 * alone)
    alone = mannwhitneyu(thickness[:20], thickness[20:], method="asymptotic").pvalue
    assert second.p_value == pytest.approx(4 * alone)
    assert dossier.confidence_test is not None
    assert dossier.confidence_test.p_value < 1e-9
    assert dossier.confidence_test.superiority == 0


def test_where_nothing_differs_something_is_told_in_no_more_than_one_of_twenty_cells() -> None:
    random, told, cells = np.random.default_rng(1), 0, 300
    images = np.zeros((200, 28, 28), np.uint8)
    for _ in range(cells):
        shapes = Shapes({name: random.normal(size=200).round(1) for name in MEASURES})
        dossier = compile_dossier(misread(200, ENOUGH), images, shapes, true=0, predicted=1)
        told += bool(dossier.contrasts)
    assert told <= 0.05 * cells + 8  # two standard deviations more than promised


def test_with_fewer_images_than_enough_nothing_is_told() -> None:
    shapes = even_shapes(100)
    far = Shapes({**shapes.values, "slant": np.where(np.arange(100) < 50, -90.0, 90.0)})
    images = np.zeros((100, 28, 28), np.uint8)
    few = compile_dossier(misread(100, ENOUGH - 1), images, far, true=0, predicted=1)
    assert (few.contrasts, few.confidence_test) == (None, None)
    few = compile_dossier(misread(100, 101 - ENOUGH), images, far, true=0, predicted=1)
    assert (few.contrasts, few.confidence_test) == (None, None)
    enough = compile_dossier(misread(100, ENOUGH), images, far, true=0, predicted=1)
    assert enough.confidence_test is not None


def test_blank_images_are_left_out_of_the_measures() -> None:
    shapes = even_shapes(100)
    slant = shapes["slant"].copy()
    slant[:20] -= 8
    slant[[0, 1, 50]] = np.nan
    shapes = Shapes({**shapes.values, "slant": slant, "width": np.full(100, np.nan)})
    images = np.zeros((100, 28, 28), np.uint8)
    dossier = compile_dossier(misread(100, 20), images, shapes, true=0, predicted=1)
    assert dossier.contrasts is not None
    assert [contrast.measure for contrast in dossier.contrasts] == ["slant"]
    assert dossier.contrasts[0].median == np.median(slant[2:20])


@pytest.mark.parametrize(("blanks", "told"), [(2, ["slant"]), (3, [])])
def test_a_measure_is_told_of_as_many_images_as_are_enough_without_the_blank_ones(
    blanks: int, told: list[str]
) -> None:
    shapes, mistakes = even_shapes(100), ENOUGH + 2
    slant = np.where(np.arange(100) < mistakes, -90.0, 90.0)
    slant[:blanks] = np.nan
    shapes = Shapes({**shapes.values, "slant": slant})
    images = np.zeros((100, 28, 28), np.uint8)
    dossier = compile_dossier(misread(100, mistakes), images, shapes, true=0, predicted=1)
    assert [contrast.measure for contrast in dossier.contrasts or ()] == told


def test_a_dossier_is_read_only(by_hand: Answers) -> None:
    cell = compiled(by_hand, true=0, predicted=1)
    for array in (cell.positions, cell.mean_image):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert by_hand.y_prob.min() >= 0  # looking for the runner-up changed nothing


def test_an_empty_group_is_refused(by_hand: Answers) -> None:
    with pytest.raises(EvaluationError, match=r"images of 1 predicted as 0\. Received: none"):
        compiled(by_hand, true=1, predicted=0)
    with pytest.raises(EvaluationError, match="images of 1 predicted as any other"):
        compiled(by_hand, true=1)
    with pytest.raises(EvaluationError, match="images of any class predicted as 0"):
        compiled(by_hand, predicted=0)


def test_a_group_without_a_class_is_refused(by_hand: Answers) -> None:
    with pytest.raises(EvaluationError, match="Expected a true or a predicted class"):
        compiled(by_hand)


def test_images_or_measures_of_another_split_are_refused(by_hand: Answers) -> None:
    with pytest.raises(EvaluationError, match="Received: 7 images and 8 measures"):
        compile_dossier(by_hand, IMAGES[:7], measure(IMAGES), true=0, predicted=1)
    with pytest.raises(EvaluationError, match="Received: 8 images and 3 measures"):
        compile_dossier(by_hand, IMAGES, measure(IMAGES[:3]), true=0, predicted=1)


@pytest.mark.parametrize(("mistakes", "is_said"), [(4, False), (5, True)])
def test_of_fewer_than_five_images_nothing_is_said(mistakes: int, is_said: bool) -> None:
    dossier = compiled_group(mistakes + 40, mistakes)
    assert (dossier.confidence_test is not None) == is_said
    assert (dossier.contrasts is not None) == is_said
    few_right = compiled_group(mistakes + 40, 40)  # as many are left that were read right
    assert (few_right.contrasts is not None) == is_said


def compiled_group(n: int, mistakes: int) -> Dossier:
    images = np.repeat(IMAGES[:1], n, axis=0)
    answers = misread(n, mistakes)
    return compile_dossier(answers, images, even_shapes(n), true=0, predicted=1)
