"""Rows of a table of runs: what each says of its run."""

import math
import sys

from dashboard.components.shared.row_table import Cell, Column
from dashboard.drawing import words
from mnist_core.formatting import loss, percent
from mnist_core.runs import Run

MOST_ROWS = 30
"""Runs on screen at most; the table scrolls beyond them."""


HEIGHT = 28 * (MOST_ROWS + 1) + 20


AT_BEST = "After the best epoch."


COLUMNS = (
    Column("Test", AT_BEST, is_number=True),
    Column("Validation", f"{AT_BEST} That epoch is chosen on this split.", is_number=True),
    Column(
        "Loss",
        "On validation after the best epoch: cross-entropy in nats, or hinge loss of linear runs.",
        is_number=True,
    ),
    Column("Epochs", "How many there are, and which of them is the best (★).", is_number=True),
    Column("Time", "Training time of all epochs.", is_number=True),
    Column("Parameters", is_number=True),
)


def figures(run: Run, right: dict[str, float | None]) -> tuple[Cell, ...]:
    """What the `COLUMNS` say of a run.

    Args:
        run: Any run.
        right: Its accuracy after the best epoch on validation and test, 0–1.
    """
    best, seconds = run.best_epoch, sum(record.seconds for record in run.history)
    at_best = math.nan if best is None else run.history[best - 1].validation_loss
    hinge = " hinge" if run.output == "scores" and math.isfinite(at_best) else ""
    known_time = bool(run.history) and not math.isnan(seconds)
    return (
        share_cell(right["test"]),
        share_cell(right["validation"]),
        loss_cell(at_best, hinge),
        Cell(f"{len(run.history)}" + (f", ★ {best}" if best else ""), len(run.history)),
        Cell(words.duration(seconds), seconds) if known_time else Cell("–"),
        Cell("–") if run.parameters is None else Cell(f"{run.parameters:,}", run.parameters),
    )


def loss_cell(value: float, unit: str = "") -> Cell:
    """A loss, to be sorted by; an infinite one is the largest, an unknown one, NaN, comes last."""
    if math.isnan(value):
        return Cell(loss(value))
    largest = sys.float_info.max  # JSON has no infinity
    return Cell(loss(value) + unit, min(max(value, -largest), largest))


def share_cell(share: float | None) -> Cell:
    """A share, 0–1, to be sorted by; an unknown one, `None` or NaN, comes last."""
    known = share is not None and not math.isnan(share)
    return Cell(percent(share, 2), share if known else None)
