"""Arrays that all visitors can share because nobody can change them."""

import numpy as np


def read_only(array: np.ndarray) -> np.ndarray:
    """A view of `array` (any dtype and shape) that raises `ValueError` when written to."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view
