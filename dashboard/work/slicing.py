"""The search for slices as a job: what chance can do is worked out in the workers, in blocks."""

from collections.abc import Sequence

import numpy as np

from dashboard.work import jobs, worker
from mnist_core.shapes import Shapes
from mnist_core.slices import Draws, FoundSlices, find_slices, highest_scores


def slicing(
    y_true: np.ndarray, is_wrong: np.ndarray, shapes: Shapes, class_names: Sequence[str]
) -> jobs.Work[FoundSlices]:
    """Work that finds the groups of images in which errors gather; see `find_slices`.

    Returns:
        A function for `jobs.ask`; it makes the `FoundSlices`.
    """

    def by_chance(draws: Draws, n: int, seed: Sequence[int]) -> np.ndarray:
        return worker.call(highest_scores, draws, n, seed)

    def work(report: jobs.Report) -> FoundSlices:
        return find_slices(
            y_true, is_wrong, shapes, class_names, report=report, by_chance=by_chance
        )

    return work
