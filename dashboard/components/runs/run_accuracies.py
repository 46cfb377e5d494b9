"""Every run in a row: how much it reads right, against the best, and what it alone reads wrong."""

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.components.shared.runs_at_once import RunsAtOnce
from dashboard.drawing import words
from dashboard.drawing.figures.run_style import run_styles
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.formatting import decimals, interval, percent

HEIGHT = 480

_RIGHT = Column("Right", "Share of the images, with its 95 % interval.", is_number=True)
_COUNTS = (
    Column("Wrong", "Images that it reads wrong.", is_number=True),
    Column("Alone", "Images that it reads wrong and every other run right.", is_number=True),
)
_TESTS = (
    Column("Points", "Difference of its accuracy from that of the best run.", is_number=True),
    Column("p", "Paired score test against the best, corrected for all (Holm).", is_number=True),
)


def run_accuracies(view: View, found: RunsAtOnce) -> None:
    """Show the table; choosing a run lists the images that it alone reads wrong."""
    chosen = found.place(view.selection.erring)
    row_table(
        [_RIGHT, *_COUNTS, *(_TESTS if found.is_tested else ())],
        _rows(view, found),
        names="Run",
        chosen=[] if chosen is None else [found.names[chosen]],
        on_choose=lambda name, _: state.choose(erring=name, erring_too=None, image=None),
        key="run-accuracies",
        height=HEIGHT,
    )


def _rows(view: View, found: RunsAtOnce) -> list[Row]:
    counted, styles = found.counted, run_styles(view.runs)
    shares = counted.accuracy.tolist()
    places = decimals(shares)
    tests = zip(counted.against_best, words.against_best(counted), strict=True)
    leading = set(counted.leading)
    rows = []
    for place, (one, share, (against, said)) in enumerate(
        zip(found.shown, shares, tests, strict=True)
    ):
        right, counts = percent(share, places), (counted.errors[place], counted.alone[place])
        if found.is_tested and not one.run.is_maximum(one.epoch, view.split):
            right += f" {interval(counted.accuracy_interval(place), places)}"
        cells = [Cell(right, share), *(Cell(f"{count:,}", int(count)) for count in counts)]
        if found.is_tested:
            cells.append(Cell(said[0], against.test.difference if against else 0.0))
            cells.append(Cell(said[1], against.p_value if against else None))
        note = "leads" if found.is_tested and place in leading else ""
        rows.append(Row(one.run.name, tuple(cells), style=styles[one.run.name], note=note))
    return rows
