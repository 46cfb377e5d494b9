"""Drift: in which measures two groups of images differ, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mnist_core.shapes.measure import Measure
from mnist_core.shapes.shapes import Shapes
from mnist_core.statistics import holm

FEWEST = 2
"""Images with a number that each group needs: of a single one nobody knows how far they spread."""


@dataclass(frozen=True)
class Drift:
    """How one measure differs between images and those they are held against, the reference.

    Attributes:
        measure: What was measured.
        n: Images with a number.
        n_reference: Images of the reference with a number.
        mean: Of the images.
        reference_mean: Of the reference.
        shift: Difference of the means in standard deviations of the reference (G. Glass 1976),
            positive where the images have more; 0 where nothing differs, infinite where only the
            reference does not spread.
        interval: Its 95 % interval (B. Welch 1947), the reference's deviation taken as known.
        distance: Of A. Kolmogorov (1933) and N. Smirnov (1939): the largest difference of the
            shares of images that have at most so much, 0–1.
        p_value: How often chance alone would set two groups at least so far apart in one or more
            of the measures, 0–1.
    """

    measure: Measure
    n: int
    n_reference: int
    mean: float
    reference_mean: float
    shift: float
    interval: tuple[float, float]
    distance: float
    p_value: float


def drift(
    measures: Sequence[Measure],
    shapes: Shapes,
    reference: Shapes,
    *,
    weights: np.ndarray | None = None,
) -> tuple[Drift, ...]:
    """Compare what was measured of two groups of images, the measures that differ most first.

    Images without a number count neither here nor there; a measure that fewer than two images of
    either group have is left out.

    Args:
        measures: Those that were taken of both groups.
        shapes: Of the images.
        reference: Of those they are held against, such as the ones that models learned on.
        weights: What each image of the reference counts, ≥ 0, such as `class_weights`; all the
            same without. `float64`, shape `(n_reference,)`.
    """
    counts = np.ones(len(reference)) if weights is None else weights
    found = [
        one
        for measure in measures
        if (one := _of(measure, shapes[measure.name], reference[measure.name], counts))
    ]
    corrected = holm([one.p_value for one in found])
    found = [replace(one, p_value=p) for one, p in zip(found, corrected, strict=True)]
    return tuple(sorted(found, key=lambda one: -one.distance))


def class_weights(labels: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """What images of a reference count so that its classes are as frequent as another group's.

    A group of ones alone is narrower than the training digits because they are ones; held against
    the ones among them it need not be.

    Args:
        labels: Classes of the group. `uint8`, shape `(n,)`, n ≥ 1.
        reference: Classes of the reference, by the same numbers. `uint8`, shape `(n_reference,)`.

    Returns:
        All 0 where no class is in both. `float64`, shape `(n_reference,)`.
    """
    length = int(max(labels.max(), reference.max())) + 1
    wanted = np.bincount(labels, minlength=length) / len(labels)
    there = np.bincount(reference, minlength=length)
    shares = np.divide(wanted, there, out=np.zeros(length), where=there > 0)
    return len(reference) * shares[reference]


def _of(
    measure: Measure, values: np.ndarray, reference: np.ndarray, weights: np.ndarray
) -> Drift | None:
    values = values[~np.isnan(values)]
    counts = ~np.isnan(reference) & (weights > 0)
    reference, weights = reference[counts], weights[counts]
    if min(len(values), len(reference)) < FEWEST:
        return None
    shares = weights / weights.sum()
    mean, reference_mean = float(values.mean()), float(shares @ reference)
    effective = 1 / float(shares @ shares)
    variance = float(shares @ (reference - reference_mean) ** 2) / (1 - 1 / effective)
    shift, half = _shift(values, mean - reference_mean, variance, effective)
    distance = _distance(values, reference, shares)
    return Drift(
        measure=measure,
        n=len(values),
        n_reference=len(reference),
        mean=mean,
        reference_mean=reference_mean,
        shift=shift,
        interval=(shift - half, shift + half),
        distance=distance,
        p_value=_p_value(distance, len(values), effective),
    )


def _shift(
    values: np.ndarray, difference: float, variance: float, effective: float
) -> tuple[float, float]:
    """The shift, and by how much it may be off to either side."""
    from scipy.special import stdtrit  # scipy.stats would cost the server 60 MB

    if variance <= 0:
        return (float(np.copysign(np.inf, difference)) if difference else 0.0), 0.0
    own, other = float(values.var(ddof=1)) / len(values), variance / effective
    freedom = (own + other) ** 2 / (own**2 / (len(values) - 1) + other**2 / (effective - 1))
    half = float(stdtrit(freedom, 0.975)) * np.sqrt(own + other)
    return float(difference / np.sqrt(variance)), float(half / np.sqrt(variance))


def _distance(values: np.ndarray, reference: np.ndarray, shares: np.ndarray) -> float:
    """The largest difference of the two distribution functions, equal numbers taken at once."""
    order = np.argsort(reference)
    summed = np.concatenate([[0.0], np.cumsum(shares[order])])
    steps = np.unique(np.concatenate([values, reference]))
    of_reference = summed[np.searchsorted(reference[order], steps, side="right")]
    of_values = np.searchsorted(np.sort(values), steps, side="right") / len(values)
    return float(min(1.0, np.abs(of_values - of_reference).max()))


def _p_value(distance: float, n: int, effective: float) -> float:
    """Twice the one-sided p, which never is too small and exact to 1 % below 0.05.

    Two groups count as one of the size n·m/(n + m) against a known distribution, as in scipy's
    `ks_2samp`. Where numbers are equal, as pixels often are, it is too large and never too small.
    """
    from scipy.special import smirnov

    together = max(1, round(n * effective / (n + effective)))
    return min(1.0, 2 * float(smirnov(together, distance)))
