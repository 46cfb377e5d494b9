"""`propose`: the lowest threshold on the confidence at which errors are rare enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnist_core.answers.risk_coverage import RiskCoverage

STEPS_A_NINE = 100
HIGHEST_STEP = 7 * STEPS_A_NINE
"""Thresholds have steps: 0 is 0 %, 100 is 90 %, 200 is 99 %, and so on to seven nines."""

STARTS = (0.5, 0.75, 0.9, 0.95, 0.99)
"""Shares of answered images from which the search for a threshold goes downwards."""

UNSURE = 0.05
"""How often, at most, a proposal does not keep what it promises."""


def threshold_at(step: int) -> float:
    """The threshold of a step, 0–1: each makes the distance to 1 smaller by the same factor."""
    return 1 - 10.0 ** (-step / STEPS_A_NINE)


@dataclass(frozen=True)
class Proposal:
    """A threshold at which errors are rare enough, and what was seen there.

    Attributes:
        step: Of the threshold, see `threshold_at`.
        answered: Images with at least this confidence, of those it was found with.
        errors: How many of them were classified wrong.
        n: Images it was found with.
    """

    step: int
    answered: int
    errors: int
    n: int

    @property
    def threshold(self) -> float:
        """Lowest confidence of an answer that is given, 0–1."""
        return threshold_at(self.step)


def propose(curve: RiskCoverage, target: float) -> Proposal | None:
    """The lowest threshold that keeps the share of wrong answers below a target.

    Fixed-sequence tests with several starts (Angelopoulos, Bates, Candès, Jordan, Lei, "Learn then
    Test", 2021): from each start thresholds are tested from high to low, until one fails. The tests
    are exact, of binomial counts, each at its start's share of `UNSURE`; the starts depend on the
    confidences alone. So the threshold keeps what it promises for other images of the same kind
    in at least 95 % of the samples it may be found with, however many thresholds were tested.

    Args:
        curve: Of images that the model did not train on.
        target: Share of wrong answers among those given, between 0 and 1.

    Returns:
        `None` where no threshold does it, or the images are too few to show it.
    """
    thresholds = [threshold_at(step) for step in range(HIGHEST_STEP + 1)]
    answered, errors = curve.at_all(np.array(thresholds))
    starts = {int(np.flatnonzero(answered >= share * curve.n)[-1]) for share in STARTS}
    passes = _passes(answered, errors, target, UNSURE / len(starts))
    found = [_lowest_in_a_row(passes, start) for start in starts if passes[start]]
    if not found:
        return None
    step = min(found)
    return Proposal(step, int(answered[step]), int(errors[step]), curve.n)


def _passes(answered: np.ndarray, errors: np.ndarray, target: float, level: float) -> np.ndarray:
    """Whether so few errors are rarer than `level` if the target is missed. `bool`."""
    from scipy.special import bdtr  # scipy.stats would cost the server 60 MB

    return (answered > 0) & (bdtr(errors, np.maximum(answered, 1), target) <= level)


def _lowest_in_a_row(passes: np.ndarray, start: int) -> int:
    failing = np.flatnonzero(~passes[:start])
    return int(failing[-1]) + 1 if len(failing) else 0
