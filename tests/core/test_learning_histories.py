"""Who learned what when: a table worked out by hand, groups of any answers, scikit-learn."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_core.errors import EvaluationError
from mnist_core.runs import EpochPredictions, read_epoch_predictions, read_run
from mnist_core.runs.learning_histories import LearningHistories, learning_histories

EPOCHS = (1, 2, 5, 6)  # 3 and 4 were not recorded
Y_TRUE = np.array([3, 3, 3, 3, 3, 3, 3], np.uint8)
RIGHT = np.array(
    # never, always, late, forgotten once, forgotten twice, regained, at the very end
    [
        [0, 1, 0, 1, 1, 1, 0],
        [0, 1, 0, 1, 0, 0, 0],
        [0, 1, 1, 1, 1, 1, 0],
        [0, 1, 1, 0, 0, 1, 1],
    ],
    bool,
)


@pytest.fixture
def by_hand() -> LearningHistories:
    predicted = np.where(RIGHT, 3, 8).astype(np.uint8)
    answers = EpochPredictions(EPOCHS, predicted, np.ones(predicted.shape, np.float16))
    return learning_histories(answers, Y_TRUE)


@st.composite
def histories(draw: st.DrawFn) -> LearningHistories:
    """One to six recorded epochs of one to 20 images."""
    is_right = draw(arrays(bool, (draw(st.integers(1, 6)), draw(st.integers(1, 20)))))
    steps = draw(st.lists(st.integers(1, 3), min_size=len(is_right), max_size=len(is_right)))
    return LearningHistories(tuple(np.cumsum(steps).tolist()), is_right)


def test_a_history_worked_out_by_hand(by_hand: LearningHistories) -> None:
    assert np.array_equal(by_hand.is_right, RIGHT)
    assert by_hand.learned_epoch.tolist() == [0, 1, 5, 1, 1, 1, 6]
    assert by_hand.settled_epoch.tolist() == [0, 1, 5, 0, 0, 5, 6]
    assert by_hand.forgettings.tolist() == [0, 0, 0, 1, 2, 1, 0]
    assert by_hand.never_learned.tolist() == [0]
    assert by_hand.forgotten.tolist() == [4, 3]
    assert by_hand.settled.tolist() == [6, 5, 2, 1]


@given(histories())
def test_every_image_is_in_one_group(found: LearningHistories) -> None:
    groups = [found.never_learned, found.forgotten, found.settled]
    assert sorted(np.concatenate(groups).tolist()) == list(range(found.is_right.shape[1]))
    assert not found.is_right[:, found.never_learned].any()
    assert found.is_right[:, found.forgotten].any(axis=0).all()
    assert not found.is_right[-1, found.forgotten].any()
    assert found.is_right[-1, found.settled].all()


@given(histories())
def test_epochs_are_those_that_a_slow_reading_finds(found: LearningHistories) -> None:
    for i, rights in enumerate(found.is_right.T.tolist()):
        learned = [e for e, right in zip(found.epochs, rights, strict=True) if right]
        assert found.learned_epoch[i] == (learned[0] if learned else 0)
        suffixes = [e for row, e in enumerate(found.epochs) if all(rights[row:])]
        assert found.settled_epoch[i] == (suffixes[0] if suffixes else 0)
        falls = [a and not b for a, b in pairwise(rights)]
        assert found.forgettings[i] == sum(falls)


@given(histories())
def test_the_order_is_the_latest_or_most_forgotten_first(found: LearningHistories) -> None:
    assert (np.diff(found.settled_epoch[found.settled]) <= 0).all()
    assert (np.diff(found.forgettings[found.forgotten]) <= 0).all()
    assert (found.forgettings[found.forgotten] >= 1).all()


def test_the_answers_of_a_bundled_run_give_its_history(bundled_models: Path, digits) -> None:
    run, labels = read_run(bundled_models, "simple-conv"), digits[1]
    answers = read_epoch_predictions(run, "validation")
    assert answers is not None
    found = learning_histories(answers, labels)
    accuracies = [record.validation_accuracy for record in run.history]
    assert found.is_right.mean(axis=1).tolist() == pytest.approx(accuracies, abs=1e-6)


@pytest.mark.parametrize("shape", [(0, 4), (2, 3), (4,)])
def test_answers_to_other_images_or_none_are_refused(shape: tuple[int, ...]) -> None:
    predicted, y_true = np.zeros(shape, np.uint8), np.zeros(4, np.uint8)
    answers = EpochPredictions((1, 2)[: shape[0]], predicted, predicted.astype(np.float16))
    with pytest.raises(EvaluationError, match="Expected answers to 4 images"):
        learning_histories(answers, y_true)


def test_everything_is_read_only(by_hand: LearningHistories) -> None:
    names = ("is_right", "learned_epoch", "settled_epoch", "forgettings")
    groups = ("never_learned", "forgotten", "settled")
    for array in (getattr(by_hand, name) for name in names + groups):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
