"""`find_slices`: the groups of images in which a run errs beyond chance, at most ten.

After S. Sagadeeva and M. Boehm, "SliceLine: fast, linear-algebra-based slice finding for ML model
debugging" (2021), which scores all groups of few conditions by products of matrices. Scores are
likelihoods here, and what chance can do is found by P. Westfall and S. Young, "Resampling-based
multiple testing" (1993): errors are dealt out anew many times, to all images alike, and a group is
reported if the highest score of all groups rarely gets as high as its own. That takes into account
how many groups there are and how much they overlap. Once a group is reported, errors are dealt out
within it and outside it apart, so the next one says more than those before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.errors import EvaluationError
from mnist_core.shapes import Shapes
from mnist_core.slices.candidates import Candidates, candidates
from mnist_core.slices.chance import Draws, highest_scores
from mnist_core.slices.conditions import query_of
from mnist_core.slices.found import FoundSlices, Slice
from mnist_core.slices.scores import NEVER, Strata, scales

MOST_SLICES = 10

SUPPORTED = 0.02
"""A group is reported where chance alone makes any stand out as far at most this often."""

FEWEST_ERRORS_IN_ALL = 10
"""Fewer errors, or fewer right answers, do not show where they gather."""

BLOCKS, IN_A_BLOCK = 5, 100
N_DRAWS = BLOCKS * IN_A_BLOCK
"""How often errors are dealt out anew, in blocks after each of which there is a report."""

Report = Callable[[int, int], None]
Chance = Callable[[Draws, int, Sequence[int]], np.ndarray]


def find_slices(
    y_true: np.ndarray,
    is_wrong: np.ndarray,
    shapes: Shapes,
    class_names: Sequence[str],
    *,
    seed: int = 0,
    report: Report = lambda _done, _total: None,
    by_chance: Chance = highest_scores,
) -> FoundSlices:
    """Find the groups of at most two conditions in which errors gather more than by chance.

    Args:
        y_true: True class of each image. `uint8`, shape `(n,)`.
        is_wrong: Whether each was classified wrong. Bool, shape `(n,)`.
        shapes: What was measured of these images.
        class_names: Name of each class.
        seed: Of the draws.
        report: Is told the steps done and the most there can be.
        by_chance: See `highest_scores`; may run it elsewhere.

    Raises:
        EvaluationError: Classes, errors and measures are not of the same images.
    """
    if not len(y_true) == len(is_wrong) == len(shapes):
        raise EvaluationError(
            f"Expected errors and measures of the {len(y_true):,} images. Received: "
            f"{len(is_wrong):,} errors and {len(shapes):,} measures. Take those of the same images."
        )
    n_wrong, groups = int(is_wrong.sum()), candidates(y_true, shapes)
    slices: list[Slice] = []
    n_candidates = 0
    if min(n_wrong, len(y_true) - n_wrong) >= FEWEST_ERRORS_IN_ALL:
        search = _Search(groups, is_wrong, class_names, seed, report, by_chance)
        slices, n_candidates = search.run()
    columns = tuple(column.name for column in groups.columns)
    return FoundSlices(tuple(slices), n_candidates, len(y_true), n_wrong, columns)


@dataclass(frozen=True, eq=False)
class _Search:
    """One search; see `find_slices`."""

    groups: Candidates
    is_wrong: np.ndarray
    class_names: Sequence[str]
    seed: int
    report: Report
    by_chance: Chance

    def run(self) -> tuple[list[Slice], int]:
        """The slices, and how many groups were looked at."""
        slices: list[Slice] = []
        n_candidates = 0
        while len(slices) < MOST_SLICES:
            reported = [found.positions for found in slices]
            strata = _strata(self.is_wrong, reported)
            draws = Draws(self.groups, scales(self.groups, strata, reported), strata)
            if not slices:
                n_candidates = sum(int(scale.is_looked_at.sum()) for scale in draws.scales)
            family, group, score = self._best(draws)
            p_value = self._p_value(draws, score, len(slices))
            if p_value > SUPPORTED:
                break
            # Not more certain than what it is reported beside.
            p_value = max([p_value, *(found.p_value for found in slices)])
            slices.append(self._slice(family, group, p_value))
        return slices, n_candidates

    def _best(self, draws: Draws) -> tuple[int, int, float]:
        """The group with the highest score: its family, its place there, and the score."""
        wrong = np.flatnonzero(self.is_wrong)[None]
        scored = [
            scale.scores(errors)[0]
            for scale, errors in zip(draws.scales, self.groups.counts(wrong), strict=True)
        ]
        if not scored:
            return 0, 0, NEVER
        family = int(np.argmax([scores.max(initial=NEVER) for scores in scored]))
        group = int(scored[family].argmax())
        return family, group, float(scored[family][group])

    def _p_value(self, draws: Draws, score: float, step: int) -> float:
        """How often chance reaches a score; no more than a bound where it does so too often."""
        if score <= NEVER:
            return 1.0
        reached = 0
        for block in range(BLOCKS):
            self.report(step * BLOCKS + block, MOST_SLICES * BLOCKS)
            highest = self.by_chance(draws, IN_A_BLOCK, (self.seed, step, block))
            reached += int((highest >= np.float32(score)).sum())
            p_value = (1 + reached) / (1 + N_DRAWS)
            if p_value > SUPPORTED:
                break
        return p_value

    def _slice(self, family: int, group: int, p_value: float) -> Slice:
        conditions = self.groups.conditions(family, group)
        inside = self.groups.members(family, group)
        return Slice(
            conditions=conditions,
            query=query_of(conditions, self.class_names),
            positions=np.flatnonzero(inside),
            n_errors=int((self.is_wrong & inside).sum()),
            n_elsewhere=int((~inside).sum()),
            errors_elsewhere=int((self.is_wrong & ~inside).sum()),
            p_value=p_value,
        )


def _strata(is_wrong: np.ndarray, reported: Sequence[np.ndarray]) -> Strata:
    """Images parted by which of the reported groups they belong to; parts without errors left out.

    `reported` are positions, shape `(k,)` each.
    """
    belongs = np.zeros(len(is_wrong), np.int64)
    for place, positions in enumerate(reported):
        belongs[positions] += 1 << place
    parts = [np.flatnonzero(belongs == which) for which in np.unique(belongs[is_wrong])]
    return Strata(tuple(parts), tuple(int(is_wrong[part].sum()) for part in parts))
