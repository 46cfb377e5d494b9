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

    Every recipe's run differs from every other one. A run named after a recipe with something
    behind it (`flagship-2`) has its colour and another mark; otherwise two runs may look alike.
    """
    places = {recipe: place for place, recipe in enumerate(RECIPES)}
    if name in places:
        place = places[name]
        return RunStyle(PALETTE[place % len(PALETTE)], MARKS[place // len(PALETTE)])
    number = zlib.crc32(name.encode())
    after = [recipe for recipe in places if name.startswith(f"{recipe}-")]
    place = places[max(after, key=len)] if after else number // len(MARKS)
    return RunStyle(PALETTE[place % len(PALETTE)], MARKS[2 + number % 2])
