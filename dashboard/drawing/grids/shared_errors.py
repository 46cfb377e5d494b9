"""Run against run: how many images both read wrong."""

from collections.abc import Sequence

import numpy as np

from dashboard.drawing import words
from dashboard.drawing.grids.grid import Edge, Grid, Legend, Line, Part
from mnist_core.answers.many_runs import ManyRuns

MOST_RUNS = 20
"""Rows of the table at most; more would leave no room for their numbers."""


def shared_errors_grid(runs: ManyRuns, names: Sequence[str]) -> Grid:
    """Every pair of the first runs, with its errors on the diagonal; the rest is left out.

    Args:
        runs: What the runs answered, the most accurate first.
        names: Of the runs.
    """
    places = range(min(len(runs), MOST_RUNS))
    shared, chance = runs.shared_errors(places), runs.shared_by_chance(places)
    alone = runs.alone.tolist()
    lines = [f"Wrong in {names[k]} alone: {words.images(alone[k])}" for k in places]
    return Grid(
        label="Images that two runs both read wrong: run against run",
        dimensions=("run", "other"),
        axis="Both wrong, by number of the run →",
        rows=[Line(k, f"{k + 1} {names[k]}", lines[k]) for k in places],
        columns=[Line(k, f"{k + 1}", lines[k]) for k in places],
        cells=[[[_part(shared, chance, names, r, c)] for c in places] for r in places],
        right=[Edge("alone", [f"{alone[k]:,}" for k in places], lines)],
        legend=Legend("none", "all", "of the errors of the run with fewer"),
        whole="Images wrong in all runs",
    )


def _part(
    shared: np.ndarray, chance: np.ndarray, names: Sequence[str], row: int, column: int
) -> Part:
    count = int(shared[row, column])
    if row == column:
        return Part(
            f"{count:,}", f"All errors of {names[row]}: {words.images(count)}", kind="right"
        )
    fewer = int(min(shared[row, row], shared[column, column]))
    said = words.shared(names[row], names[column], count, float(chance[row, column]), fewer)
    return Part(f"{count:,}", said, level=round(count / fewer, 3) if fewer else 0)
