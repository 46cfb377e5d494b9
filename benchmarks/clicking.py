"""How long from a click on a cell of the matrix to its images, beside a bare Streamlit app?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from serving import chromium, served
from side_by_side import say

from mnist_core import quiet, settings
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import load_dataset
from mnist_core.inference.prediction import predict_split
from mnist_core.runs import read_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CLICKS = 50
BURST = 20
APART = 100
"""Milliseconds between the clicks of a burst."""

PROMISED = 1 / 1.5
"""How fast a click is beside the same in the bare app, at least."""

AS_SHIPPED = ("--runner.postScriptGC", "true")
"""The bare app keeps Streamlit's own setting, a full collection after every script."""

SHEET = 2_000
SHEET_SECONDS = 1.5
NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass
class Window:
    """A page with buttons and images in two containers, and how long its clicks took.

    Attributes:
        page: In Chromium.
        buttons: Key of the container of the buttons.
        images: Key of the container of the images.
        seconds: Of each click that brought its images.
        lost: Clicks that did not.
    """

    page: Page
    buttons: str
    images: str
    seconds: list[float] = field(default_factory=list)
    lost: int = 0

    def click(
        self,
        button: str,
        expected: Sequence[int],
        *,
        waits_for_all: bool = False,
        before: Sequence[str] = (),
    ) -> None:
        """Click once nothing moves any more; `before` it other buttons, in quick succession.

        The time is that to as many images as have room in their box, or to all of them.
        """
        settle(self.page)
        self.page.bring_to_front()
        what = {"buttons": self.buttons, "images": self.images, "button": button}
        what |= {"expected": [*map(int, expected)], "before": [*before]}
        what |= {"all": waits_for_all, "apart": APART}
        taken = self.page.evaluate("what => clicking.time(what)", what)
        if taken is None:
            self.lost += 1
        else:
            self.seconds.append(taken / 1000)


def settle(page: Page) -> None:
    """Wait until the script behind a page has come to its end."""
    page.wait_for_selector(NOT_RUNNING)
    page.wait_for_timeout(150)
    page.wait_for_selector(NOT_RUNNING)


def opened(browser: Browser, address: str, *, buttons: str, images: str) -> Window:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(40_000)
    page.add_init_script(path=Path(__file__).with_suffix(".js"))
    page.goto(address)
    page.wait_for_selector(f".st-key-{images} [data-index]")
    return Window(page, buttons, images)


def button(cell: Sequence[int]) -> str:
    return 'button[data-true="{}"][data-predicted="{}"]'.format(*cell)


def compare(
    what: str,
    ours: Window,
    bare: Window,
    cells: Sequence,
    answers: Answers,
    promised: float | None = None,
) -> None:
    """Click in both windows in turns, after a click in each that does not count."""
    for window in (ours, bare):
        window.seconds.clear()
    for true, predicted in (cells[-1], *cells):
        ours.click(button((true, predicted)), answers.find(true, predicted))
        bare.click(button((true, predicted)), [10 * true + predicted])
    for name, share in (("p50", 50), ("p95", 95)):
        taken, theirs = (np.percentile(window.seconds[1:], share) for window in (ours, bare))
        say(f"{what}, {name}", taken, "bare app", theirs, promised)


def burst(ours: Window, cells: Sequence, answers: Answers) -> None:
    """Click faster than images come: the last click counts, in the page and in its address."""
    lost, last = ours.lost, [int(label) for label in cells[-1]]
    ours.click(button(last), answers.find(*last), before=[button(cell) for cell in cells[:-1]])
    settle(ours.page)
    query = ours.page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
    is_kept = ours.lost == lost and [int(query["true"]), int(query["predicted"])] == last
    print(
        f"After {len(cells)} clicks at ten a second the last one's images and address: "
        f"{'kept' if is_kept else 'NOT KEPT'}"
    )


def sheet(browser: Browser, address: str) -> None:
    """Choose classes on the page of the data set, which shows up to 2,000 images at once."""
    dataset = load_dataset("mnist")
    split = dataset.split("train" if "train" in dataset.splits else "validation")
    address = f"{address}/dataset?data=mnist&split={split.name}"
    window = opened(browser, address, buttons="browsed-class", images="class-sheet")
    for label in range(1, 10):
        expected = np.flatnonzero(split.labels == label)[:SHEET]
        window.click(f"button:nth-of-type({label + 1})", expected, waits_for_all=True)
    window.page.close()
    taken = float(np.median(window.seconds))
    verdict = "kept" if taken <= SHEET_SECONDS and not window.lost else "NOT KEPT"
    print(
        f"A sheet of {len(expected):,} images: {taken:.2f} s, promised {SHEET_SECONDS} s: {verdict}"
    )


def main() -> None:
    quiet.import_keras()
    run = read_run(settings.models_folder(), "simple-conv")
    checkpoint = run.checkpoint(run.best_epoch or 1)
    dataset = load_dataset("mnist")
    split = dataset.split("test" if "test" in dataset.splits else "validation")
    y_prob = predict_split(checkpoint, split, settings.cache_folder())
    answers = evaluate(split.labels, y_prob, run.output)
    query = f"data=mnist&split={split.name}&run={run.name}&epoch={checkpoint.epoch}"
    matrix = answers.confusion_matrix
    mistakes = [cell for cell in np.argwhere(matrix) if cell[0] != cell[1]]
    diagonal = [(k, k) for k in range(10)]

    with (
        served("dashboard/app.py") as ours,
        served("benchmarks/bare_app.py", *AS_SHIPPED) as bare,
        chromium() as browser,
    ):
        address = f"{ours.address}/confusion?{query}"
        page = opened(browser, address, buttons="cell-grid", images="cell-sheet")
        beside = opened(browser, bare.address, buttons="cells", images="picture")
        clicks = list(islice(cycle(mistakes), CLICKS))
        compare(f"{CLICKS} clicks on mistakes", page, beside, clicks, answers, PROMISED)
        compare(
            "10 clicks on a thousand images, which has no promise", page, beside, diagonal, answers
        )
        burst(page, mistakes[:BURST], answers)
        print(f"Clicks lost: {page.lost + beside.lost}")
        sheet(browser, ours.address)


if __name__ == "__main__":
    main()
