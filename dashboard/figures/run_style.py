"""One colour and one mark per run, the same wherever and whenever it is shown."""

import re
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
    if not after:
        return RunStyle(PALETTE[number % len(PALETTE)], MARKS[number // len(PALETTE) % len(MARKS)])
    ending = re.search(r"\d+$", name)  # so that those numbered next to each other differ
    mark = MARKS[1 + (int(ending[0]) if ending else number) % (len(MARKS) - 1)]
    return RunStyle(PALETTE[places[max(after, key=len)] % len(PALETTE)], mark)
