"""The runs to choose learning curves from, as a table with a box to tick for each."""

from collections.abc import Mapping, Sequence

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.components.shared.run_rows import COLUMNS, HEIGHT, MOST_ROWS, figures, share_cell
from dashboard.drawing.figures.run_style import RunStyle
from dashboard.visit import state
from mnist_core.runs import Run
from mnist_core.runs.learning_curves import verdict

_TRAIN = Column(
    "Train", "Over the batches of the best epoch; linear runs: after it.", is_number=True
)


def curve_runs(runs: Sequence[Run], shown: Sequence[Run], styles: Mapping[str, RunStyle]) -> None:
    """Show every run with a history; ticking one draws its curves.

    Args:
        runs: All there are to choose from.
        shown: Those on the chart.
        styles: Of all runs, by name.
    """
    on_show = [run.name for run in shown]

    def choose(name: str, is_shown: bool) -> None:
        wanted = {name} | set(on_show) if is_shown else set(on_show) - {name}
        state.choose(curves=",".join(run.name for run in runs if run.name in wanted), alone=None)

    row_table(
        [*COLUMNS[:2], _TRAIN, *COLUMNS[2:], Column("Validation loss")],
        [_row(run, styles[run.name]) for run in runs],
        names="Run",
        chosen=on_show,
        on_choose=choose,
        key="curve-runs-table",
        several=True,
        height=HEIGHT if len(runs) > MOST_ROWS else None,
    )


def _row(run: Run, style: RunStyle) -> Row:
    test, validation, *others = figures(
        run, {"test": run.test_accuracy, "validation": run.validation_accuracy}
    )
    best, said = run.best_epoch, str(verdict(run.history))
    train = share_cell(None if best is None else run.history[best - 1].accuracy)
    cells = (test, validation, train, *others, Cell(said, said))
    return Row(run.name, cells, style=style, note="" if run.state == "finished" else run.state)
