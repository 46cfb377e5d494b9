"""Numbers as people write them."""

import math


def percent(share: float | None) -> str:
    """A share, 0–1, as % with one decimal, two above 99 %; a dash where there is none.

    What is not quite everything is never rounded up to 100 %.
    """
    if share is None or math.isnan(share):
        return "–"
    if not 0.99 < share < 1:
        return f"{100 * share:.1f} %"
    return f"{min(100 * share, 99.99):.2f} %"
