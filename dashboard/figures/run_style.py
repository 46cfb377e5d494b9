"""One colour and one mark per run, the same wherever and whenever it is shown."""

import zlib
from dataclasses import dataclass

from dashboard.figures.template import PALETTE
from mnist_core.recipes import RECIPES

MARKS = ("circle", "square", "diamond", "cross")


@dataclass(frozen=True)
class RunStyle:
    """How a run is drawn.

    Attributes:
        colour: As `#rrggbb`.
        mark: Plotly's name of the symbol at each epoch.
    """

    colour: str
    mark: str


def run_style(name: str) -> RunStyle:
    """By the place of the recipe that a run is named after, else by the name itself.

    Every recipe's run differs from every other one; two runs of other names may look alike.
    """
    known = {recipe: place for place, recipe in enumerate(RECIPES)}
    place = known.get(name, zlib.crc32(name.encode()))
    mark = MARKS[place // len(PALETTE) % len(MARKS)]
    return RunStyle(PALETTE[place % len(PALETTE)], mark)
