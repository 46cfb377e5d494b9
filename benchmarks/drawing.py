"""How long from the end of a stroke to the model's bars, beside a bare app with the same canvas?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from clicking import AS_SHIPPED, PROMISED, settle
from serving import chromium, served
from side_by_side import say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHEETS = 25
"""How many are drawn on, two strokes each: the first brings the bars, the second moves them."""

UPRIGHT = [(0.5, 0.2), (0.5, 0.8)]
ROUND = [
    (0.5 + 0.3 * math.cos(math.tau * t / 16), 0.5 + 0.3 * math.sin(math.tau * t / 16))
    for t in range(17)
]


@dataclass
class Window:
    """A page with a sheet and bars, and how long its strokes took.

    Attributes:
        page: In Chromium.
        bars: Key of the container of the bars.
        seconds: Of each stroke that brought other bars.
        lost: Strokes that did not.
    """

    page: Page
    bars: str
    seconds: list[float] = field(default_factory=list)
    lost: int = 0

    def draw(self, stroke: Sequence[tuple[float, float]]) -> None:
        """Draw a stroke, in shares of the sheet, once nothing moves any more."""
        settle(self.page)
        self.page.bring_to_front()
        sheet = self.page.locator(".st-key-sketch-canvas canvas").last.bounding_box()
        assert sheet
        mouse, side = self.page.mouse, sheet["width"]
        places = [(sheet["x"] + x * side, sheet["y"] + y * side) for x, y in stroke]
        self.page.evaluate("key => drawing.watch(key)", self.bars)
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place)
        mouse.up()
        taken = self.page.evaluate("() => drawing.taken")
        if taken is None:
            self.lost += 1
        else:
            self.seconds.append(taken / 1000)

    def clear(self) -> None:
        settle(self.page)
        self.page.get_by_role("button", name="Clear").click()
        self.page.wait_for_selector(f".st-key-{self.bars}", state="detached")
        self.page.wait_for_selector(".st-key-sketch-canvas canvas")


def opened(browser: Browser, address: str, *, bars: str) -> Window:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(40_000)
    page.add_init_script(path=Path(__file__).with_suffix(".js"))
    page.goto(address)
    page.wait_for_selector(".st-key-sketch-canvas canvas")
    return Window(page, bars)


def main() -> None:
    with (
        served("dashboard/app.py") as ours,
        served("benchmarks/bare_sheet.py", *AS_SHIPPED) as bare,
        chromium() as browser,
    ):
        address = f"{ours.address}/sketch?run=simple-conv"
        windows = (
            opened(browser, address, bars="sketch-probabilities"),
            opened(browser, bare.address, bars="bars"),
        )
        for sheet in range(SHEETS + 1):
            for stroke in (UPRIGHT, ROUND):
                for window in windows:
                    window.draw(stroke)
            for window in windows:
                window.clear()
                if sheet == 0:  # the first one does not count
                    window.seconds.clear()
    for name, share in (("p50", 50), ("p95", 95)):
        taken, theirs = (np.percentile(window.seconds, share) for window in windows)
        say(f"{2 * SHEETS} strokes, {name}", taken, "bare app", theirs, PROMISED)
    print(f"Strokes lost: {sum(window.lost for window in windows)}")


if __name__ == "__main__":
    main()
