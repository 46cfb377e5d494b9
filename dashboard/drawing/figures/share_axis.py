"""`ShareAxis`: where shares lie on an axis, even or stretched towards its ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

_TICKS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997, 0.9999)
_FEW_TICKS = (0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)

LEAST = 0.01
"""A share that stands for none, on a stretched axis."""

LAST_TICK = 24
"""Margin beside the end of such an axis, in pixels, that its last name needs."""


@dataclass(frozen=True)
class ShareAxis:
    """An axis of shares, 0–1.

    Stretched, it is even in the log-odds, ln(p / (1 − p)), as on probability paper: from 90 to 99 %
    is about as far as from 99 to 99.9 %. There, 0 and 1 would be infinitely far away, so they stand
    where `LEAST` and 1 − `margin` do.

    Attributes:
        is_stretched: Whether it is so.
        margin: The least distance from 1 that is told from none, between 0 and ½.
    """

    is_stretched: bool
    margin: float = 1e-5

    def places(self, shares: np.ndarray) -> np.ndarray:
        """Where shares lie on the axis. `float64`, of the same shape."""
        shares = np.asarray(shares, np.float64)
        if not self.is_stretched:
            return shares
        kept = np.clip(shares, LEAST, 1 - self.margin)
        return np.log(kept / (1 - kept))

    def place(self, share: float) -> float:
        """Where one share lies."""
        return float(self.places(np.array([share]))[0])

    def layout(self, low: float, high: float) -> dict[str, Any]:
        """Range and ticks of an axis that shows the shares from `low` to `high`, for Plotly."""
        start, end = self.place(low), self.place(high)
        room = 0.02 * (end - start)
        span = {"range": [start - room, end + room], "fixedrange": True, "zeroline": False}
        if not self.is_stretched:
            return span | {"tickformat": ".0%"}
        # Beside the name of an end there is no room for another one.
        last = end - 0.1 * (end - start) * (high == 1)
        shown = [t for t in _TICKS if start <= self.place(t) <= last and t > LEAST]
        if len(shown) > 6:
            shown = [t for t in shown if t in _FEW_TICKS]
        ticks = {self.place(share): f"{100 * share:g}%" for share in shown}
        ticks |= {self.place(share): f"{share:.0%}" for share in (low, high) if share in (0, 1)}
        named = {"tickvals": list(ticks), "ticktext": list(ticks.values()), "tickangle": 0}
        return span | named
