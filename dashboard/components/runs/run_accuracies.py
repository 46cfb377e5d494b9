"""Every run in a row: how much it reads right, against the best, and what it alone reads wrong."""

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.components.shared.runs_at_once import RunsAtOnce
from dashboard.drawing import words
from dashboard.drawing.figures.run_style import RunStyle, run_styles
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
    styles = run_styles(view.runs)
    chosen = found.place(view.selection.erring)
    row_table(
        [_RIGHT, *_COUNTS, *(_TESTS if found.is_tested else ())],
        [_row(view, found, place, styles) for place in range(len(found.shown))],
        names="Run",
        chosen=[] if chosen is None else [found.names[chosen]],
        on_choose=lambda name, _: state.choose(erring=name, erring_too=None, image=None),
        key="run-accuracies",
        height=HEIGHT,
    )


def _row(view: View, found: RunsAtOnce, place: int, styles: dict[str, RunStyle]) -> Row:
    counted, shown = found.counted, found.shown[place]
    share, errors, alone = (
        float(counted.accuracy[place]),
        int(counted.errors[place]),
        len(counted.wrong_alone(place)),
    )
    places = decimals(counted.accuracy.tolist())
    right = percent(share, places)
    if found.is_tested and not shown.run.is_maximum(shown.epoch, view.split):
        right += f" {interval(counted.accuracy_interval(place), places)}"
    cells = [Cell(right, share), Cell(f"{errors:,}", errors), Cell(f"{alone:,}", alone)]
    if found.is_tested:
        against = counted.against_best[place]
        points, p_value = words.against_best(counted)[place]
        cells += [
            Cell(points, against.test.difference if against else 0.0),
            Cell(p_value, against.p_value if against else None),
        ]
    leads = found.is_tested and place in counted.leading
    name, style = shown.run.name, styles[shown.run.name]
    return Row(name, tuple(cells), style=style, note="leads" if leads else "")
