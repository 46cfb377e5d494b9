"""Attributions along straight ways from other images to the explained one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_core.explainers.gradients import gradients, prepared
from mnist_core.explainers.target import Target


def added_on_the_way(
    model_file: Path, image: np.ndarray, starts: np.ndarray, target: Target, *, places: int
) -> np.ndarray:
    """What each pixel adds on straight ways to an image: slope times way, summed up.

    The ways are between `prepared` images. By Gauss–Legendre quadrature, which is exact for slopes
    that are polynomials of a degree below twice the number of places.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. Shape `(28, 28)`.
        starts: Grey levels 0–255, where the ways begin. Shape `(n, 28, 28)`, n ≥ 1.
        target: What is explained.
        places: On each way, at which slopes are taken.

    Returns:
        `float64`, shape `(maps, n, 28, 28)`.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The model does not have these classes.
    """
    nodes, shares = np.polynomial.legendre.leggauss(places)
    end, *begins = prepared(model_file, np.concatenate([image[np.newaxis], starts]))
    ways = end.astype(np.float64) - begins
    points = begins + np.multiply.outer((nodes + 1) / 2, ways)
    slopes = gradients(model_file, points.reshape(-1, *image.shape), target, are_prepared=True)
    by_place = slopes.reshape(-1, places, *ways.shape)
    slope = np.einsum("p,mp...->m...", shares / 2, by_place, dtype=np.float64)
    # Where nothing changes on the way, nothing is added, even where a slope is not finite.
    return np.where(ways == 0, 0, slope * ways)
