"""Is a map by UMAP as trustworthy as umap-learn's own defaults, and how soon is a map on screen?"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from serving import ROOT, chromium, served

from mnist_core import quiet, settings
from mnist_core.datasets import Dataset, load_dataset
from mnist_core.maps.map import find_map
from mnist_core.maps.pca import pca
from mnist_core.maps.seen import seen_of_split
from mnist_core.maps.trust import trustworthiness
from mnist_core.maps.umap_apart import umap_apart
from mnist_core.runs import Run, read_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUN = "simple-conv"
ROUNDS = 5
LEAST_TRUST = -0.002
"""How far below the defaults' trustworthiness ours may lie: two of their own layouts differ so."""

SECONDS_TO_SCREEN = {10_000: 1.5, 70_000: 3.0}
"""From a click in the menu to at most so many points on screen, warm."""

SECONDS_TO_SHEET = 0.5
READY = """() => [...document.querySelectorAll('.st-key-map *')]
  .some((one) => one.shadowRoot?.querySelector('[data-ready]'))"""
NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'

DEFAULTS = """if True:
    import sys
    import numpy as np
    sys.modules.update(dict.fromkeys(("tensorflow", "keras")))
    from umap import UMAP
    from mnist_core.maps.trust import trustworthiness
    seen = np.load(sys.argv[1])
    print(trustworthiness(seen, UMAP().fit_transform(seen)))
"""


def compare_trust(seen: np.ndarray) -> None:
    print(f"{len(seen):,} × {seen.shape[1]}: PCA {trustworthiness(seen, pca(seen)[0]):.4f}")
    started = time.perf_counter()
    _, ours = umap_apart(seen, lambda done, total: None)
    between = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "seen.npy", seen)
        command = [sys.executable, "-W", "ignore", "-c", DEFAULTS, f"{folder}/seen.npy"]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    theirs, ended = float(ran.stdout), time.perf_counter()
    kept = "kept" if ours - theirs >= LEAST_TRUST else "NOT KEPT"
    print(
        f"UMAP {ours:.4f} in {between - started:.0f} s; umap-learn's defaults {theirs:.4f} in "
        f"{ended - between:.0f} s, promised no less: {kept}"
    )


def settle(page: Page) -> None:
    page.wait_for_selector("h1", timeout=60_000)
    page.wait_for_selector(NOT_RUNNING, timeout=60_000)
    page.wait_for_timeout(300)
    page.wait_for_selector(NOT_RUNNING, timeout=60_000)


def to_screen(page: Page) -> float:
    """Seconds from a click in the menu to points on screen, from another page."""
    page.get_by_role("link", name="Confusion", exact=True).click()
    page.wait_for_selector(".st-key-confusion-matrix td button")
    settle(page)
    started = time.perf_counter()
    page.get_by_role("link", name="Map", exact=True).click()
    page.wait_for_function(READY)
    return time.perf_counter() - started


def to_sheet(page: Page) -> float:
    """Seconds from the end of a lasso to its images, on a map without a set."""
    box = page.locator(".st-key-map canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.get_by_role("button", name="Lasso", exact=True).click()
    page.mouse.move(x + 70, y)
    page.mouse.down()
    for step in range(1, 40):
        angle = step / 40 * 2 * math.pi
        page.mouse.move(x + 70 * math.cos(angle), y + 70 * math.sin(angle))
    started = time.perf_counter()
    page.mouse.up()
    page.get_by_text("images of the set").wait_for()
    taken = time.perf_counter() - started
    page.get_by_role("button", name="Remove Images picked by hand").click()
    page.get_by_text("images of the set").wait_for(state="detached")
    page.keyboard.press("Escape")  # the field has the focus and offers its columns
    settle(page)
    return taken


def say(what: str, taken: list[float], promised: float) -> None:
    verdict = "kept" if median(taken) <= promised else "NOT KEPT"
    print(f"{what}: {median(taken):.2f} s, promised {promised} s: {verdict}")


def time_pages(run: Run, dataset: Dataset) -> None:
    with served("dashboard/app.py") as app, chromium() as browser:
        for name, split in dataset.splits.items():
            # Kept before anybody looks, as after the first look.
            find_map(run.checkpoint(run.best_epoch or 1), split, "pca", settings.cache_folder())
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{app.address}/map?data=mnist&split={name}&run={run.name}")
            page.wait_for_function(READY, timeout=60_000)
            settle(page)
            promised = next(s for most, s in SECONDS_TO_SCREEN.items() if len(split) <= most)
            say(f"{len(split):,} points", [to_screen(page) for _ in range(ROUNDS)], promised)
            settle(page)
            say("Lasso to sheet", [to_sheet(page) for _ in range(ROUNDS)], SECONDS_TO_SHEET)
            page.close()


def main() -> None:
    quiet.import_keras()
    dataset = load_dataset("mnist")
    run = read_run(settings.ROOT / "models", RUN)
    split = dataset.split("test" if "test" in dataset.splits else "validation")
    checkpoint = run.checkpoint(run.best_epoch or 1)
    time_pages(run, dataset)
    compare_trust(seen_of_split(checkpoint, split, settings.cache_folder()))


if __name__ == "__main__":
    main()
