"""Numbers as people write them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mnist_core.evaluation import Output


def percent(share: float | None) -> str:
    """A share, 0–1, as % with one decimal, two above 99 %; a dash where there is none.

    What is not quite everything is never rounded up to 100 %.
    """
    if share is None or math.isnan(share):
        return "–"
    if not 0.99 < share < 1:
        return f"{100 * share:.1f} %"
    return f"{min(100 * share, 99.99):.2f} %"


def signed(points: float) -> str:
    """A difference in points with its sign and two decimals, e.g. `+0.12` or `−1.50`."""
    return f"{points:+.2f}".replace("-", "−")


def answer(value: float, output: Output) -> str:
    """A probability as %, or a score as the number it is."""
    return percent(value) if output == "probabilities" else f"score {value:.2f}"
