"""The order of classes in which those that are confused with each other stand side by side."""

import numpy as np


def confusion_order(matrix: np.ndarray) -> np.ndarray:
    """Order classes by which are confused together.

    Clusters by average linkage, where two classes are the closer the larger the share of their
    images is that was taken for the other; leaves in the optimal order (Bar-Joseph, Gifford,
    Jaakkola 2001).

    Args:
        matrix: Images by true class (rows) and predicted class (columns). Integers, square.

    Returns:
        Every class once. `int64`, shape `(n_classes,)`. By number where nothing is confused.
    """
    # scipy costs the server memory, which only those who ask for this order should pay.
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    mistakes = matrix - np.diag(matrix.diagonal())
    shares = mistakes / np.maximum(matrix.sum(axis=1), 1)[:, None]
    likeness = shares + shares.T
    if len(matrix) < 3 or not likeness.any():
        return np.arange(len(matrix))
    distances = squareform(likeness.max() - likeness, checks=False)
    order = leaves_list(linkage(distances, "average", optimal_ordering=True)).astype(np.int64)
    return order if order[0] <= order[-1] else order[::-1]
