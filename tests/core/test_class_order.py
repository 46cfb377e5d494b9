"""The order of classes in which those that are confused together stand side by side."""

from itertools import pairwise, permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from mnist_core.answers.class_order import confusion_order

MATRICES = st.integers(1, 8).flatmap(
    lambda n: st_np.arrays(np.int64, (n, n), elements=st.integers(0, 50))
)


@given(MATRICES)
def test_every_class_comes_once(matrix):
    assert sorted(confusion_order(matrix)) == list(range(len(matrix)))


def test_two_pairs_that_are_confused_stand_together():
    # 0 with 3 and 1 with 4, 100 images of each class; 2 with nobody.
    matrix = np.diag([90, 90, 100, 90, 90])
    for one, other in ((0, 3), (1, 4)):
        matrix[one, other] = matrix[other, one] = 10
    order = confusion_order(matrix).tolist()
    assert abs(order.index(0) - order.index(3)) == 1
    assert abs(order.index(1) - order.index(4)) == 1


def test_a_chain_of_confusions_is_laid_out_as_the_best_of_all_orders():
    matrix = np.diag([80] * 5)
    for one, other, images in ((3, 0, 9), (0, 4, 8), (4, 1, 7), (1, 2, 6)):
        matrix[one, other] = matrix[other, one] = images
    best = max(permutations(range(5)), key=lambda order: nearness(matrix, np.array(order)))
    assert sorted([best, best[::-1]])[0] == tuple(confusion_order(matrix))


def test_without_mistakes_classes_stand_by_number():
    assert confusion_order(np.diag([5, 5, 0, 5])).tolist() == [0, 1, 2, 3]


def nearness(matrix: np.ndarray, order: np.ndarray) -> float:
    shares = matrix / np.maximum(matrix.sum(axis=1), 1)[:, None]
    return float(sum(shares[a, b] + shares[b, a] for a, b in pairwise(order)))
