"""How high the highest score of all groups gets by chance alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.slices.candidates import Candidates
from mnist_core.slices.scores import NEVER, Scale, Strata

AT_A_TIME = 25
"""Draws that are counted together: few enough for their counts to stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Draws:
    """What it takes to draw errors by chance and to score all groups; can cross to a worker.

    Attributes:
        candidates: The groups.
        scales: Of their families.
        strata: Within which errors are drawn.
    """

    candidates: Candidates
    scales: tuple[Scale, ...]
    strata: Strata


def highest_scores(draws: Draws, n: int, seed: Sequence[int]) -> np.ndarray:
    """The highest score of all groups in each of `n` draws. `float32`, shape `(n,)`."""
    random = np.random.default_rng(seed)
    highest = np.full(n, NEVER, np.float32)
    for start in range(0, n, AT_A_TIME):
        place = slice(start, min(start + AT_A_TIME, n))
        drawn = np.stack([_draw(draws.strata, random) for _ in range(n)[place]])
        for scale, errors in zip(draws.scales, draws.candidates.counts(drawn), strict=True):
            np.maximum(highest[place], scale.scores(errors).max(axis=1), out=highest[place])
    return highest


def _draw(strata: Strata, random: np.random.Generator) -> np.ndarray:
    """Positions of errors drawn without replacement, of each stratum as many as it has."""
    return np.concatenate(
        [
            random.choice(part, n_errors, replace=False, shuffle=False)
            for part, n_errors in zip(strata.parts, strata.n_errors, strict=True)
        ]
    )
