"""A colour and a mark for each run, the same wherever and whenever it is shown."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.drawing.figures.template import PALETTE
from mnist_core.recipes import RECIPES
from mnist_core.runs import Run

SHAPES = {
    "circle": "M-5,0A5,5 0 1 1 5,0A5,5 0 1 1 -5,0Z",
    "square": "M-4.5,-4.5H4.5V4.5H-4.5Z",
    "diamond": "M0,-6L6,0L0,6L-6,0Z",
    "cross": "M-2,-5.5H2V-2H5.5V2H2V5.5H-2V2H-5.5V-2H-2Z",
    "triangle-up": "M0,-5.5L5.5,4.5H-5.5Z",
    "x": "M0,-2.6L3.4,-6L6,-3.4L2.6,0L6,3.4L3.4,6L0,2.6L-3.4,6L-6,3.4L-2.6,0L-6,-3.4L-3.4,-6Z",
    "triangle-left": "M-5.5,0L4.5,-5.5V5.5Z",
    "triangle-right": "M5.5,0L-4.5,-5.5V5.5Z",
    "pentagon": "M0,-5.8L5.6,-1.8L3.4,4.7H-3.4L-5.6,-1.8Z",
    "hexagon2": "M-3,-5.2H3L6,0L3,5.2H-3L-6,0Z",
    "hourglass": "M-5,-5H5L-5,5H5Z",
    "bowtie": "M-5,-5V5L5,-5V5Z",
}
"""Plotly's names of the shapes of marks, each as an SVG path around 0 from −6 to 6."""

MARKS = tuple(f"{shape}{kind}" for kind in ("", "-open", "-open-dot") for shape in SHAPES)
"""Plotly's names of all marks, the plainest first. The star is kept for the best epoch."""

PLACES = len(PALETTE) * len(MARKS)
"""Pairs of a colour and a mark; as many runs can be told apart."""

_USUAL = 8 * len(PALETTE)
"""The places, those of the plainest marks, from which the first choice of a name is taken."""


@dataclass(frozen=True)
class RunStyle:
    """How a run is drawn.

    Attributes:
        colour: As `#rrggbb`.
        mark: Plotly's name of the symbol at the epochs.
    """

    colour: str
    mark: str

    def as_data(self) -> dict[str, object]:
        """The mark for a component to draw: its colour and outline, filled or open, with a dot."""
        kind = self.mark.removesuffix("-dot")
        return {
            "colour": self.colour,
            "path": SHAPES[kind.removesuffix("-open")],
            "filled": not kind.endswith("-open"),
            "dot": self.mark.endswith("-dot"),
        }


def run_styles(runs: Iterable[Run]) -> dict[str, RunStyle]:
    """The style of every run, by name; no two of up to `PLACES` runs look the same.

    A run named after a recipe has that recipe's place, which no other run ever takes. Any other
    name points to a place of its own; where an older run has that one, the next free place is
    taken. So a run keeps its style whichever runs are shown beside it, and whichever come later.

    Args:
        runs: All runs there are, not only those on show.
    """
    reserved = {recipe: place for place, recipe in enumerate(RECIPES)}
    others = [run for run in runs if run.name not in reserved]
    taken, places = set(reserved.values()), dict(reserved)
    for run in sorted(others, key=lambda run: (_started(run), run.name)):
        first = _first_choice(run.name, len(reserved))
        free = (place for place in _from(first) if place not in taken)
        places[run.name] = next(free, first)
        taken.add(places[run.name])
    return {name: _style(place) for name, place in places.items()}


def _from(first: int) -> Iterable[int]:
    return (place % PLACES for place in range(first, first + PLACES))


def _first_choice(name: str, n_reserved: int) -> int:
    """Names that end in consecutive numbers point to consecutive places, so to other colours."""
    stem = name.rstrip("0123456789")
    number = int(name[len(stem) :] or 0)
    return n_reserved + (zlib.crc32(stem.encode()) + number) % (_USUAL - n_reserved)


def _started(run: Run) -> str:
    """When its training or import began, in ISO 8601; what does not say so counts as the newest."""
    return run.details.started or "~"


def _style(place: int) -> RunStyle:
    mark, colour = divmod(place, len(PALETTE))
    return RunStyle(PALETTE[colour], MARKS[mark])
