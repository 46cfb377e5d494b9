"""`poisson_binomial`: how many of many independent events happen, each with a chance of its own."""

import numpy as np


def poisson_binomial(chances: np.ndarray) -> np.ndarray:
    """The exact distribution of the number of events (S. D. Poisson 1837).

    The generating polynomials of all events are multiplied in pairs, by Fourier transforms, so that
    n events take n log² n steps.

    Args:
        chances: Of each event, 0–1. Floats, shape `(n,)`, n ≥ 0.

    Returns:
        Probability of each number from 0 to n, within 1e-12. `float64`, shape `(n + 1,)`.
    """
    n = len(chances)
    padded = np.zeros(_power_of_two(max(n, 1)))
    padded[:n] = chances
    products = np.stack([1 - padded, padded], axis=1)
    while len(products) > 1:
        width = 2 * products.shape[1] - 1
        length = _power_of_two(width)
        transformed = np.fft.rfft(products, length)
        products = np.fft.irfft(transformed[::2] * transformed[1::2], length)[:, :width]
    found = np.clip(products[0, : n + 1], 0, None)
    return found / found.sum()


def _power_of_two(least: int) -> int:
    return 1 << (least - 1).bit_length()
