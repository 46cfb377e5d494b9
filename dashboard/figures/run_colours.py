"""One colour per run, the same wherever and whenever it is shown."""

import zlib
from collections.abc import Sequence

from dashboard.figures.template import PALETTE
from mnist_core.recipes import RECIPES


def run_colours(names: Sequence[str]) -> dict[str, str]:
    """Colours of the palette: by the recipe a run is named after, else by the name itself.

    A run takes the next free colour where two of those shown together would share one.
    """
    known = {name: place for place, name in enumerate(RECIPES)}
    free = list(PALETTE)
    colours = {}
    for name in sorted(names, key=lambda name: (known.get(name, len(known)), name)):
        start = known.get(name, zlib.crc32(name.encode())) % len(PALETTE)
        turned = (*PALETTE[start:], *PALETTE[:start])
        colours[name] = next((colour for colour in turned if colour in free), turned[0])
        if colours[name] in free:
            free.remove(colours[name])
    return colours
