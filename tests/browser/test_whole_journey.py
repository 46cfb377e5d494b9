"""From a question to a report: query, set, matrix, lasso on the map, all runs, document."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mnist_core import runs
from mnist_core.datasets import Split, mnist

QUERY = "true in (4, 9)"
EPOCH = 8


@pytest.fixture(scope="module")
def split() -> Split:
    return mnist.load().split("validation")


def recorded(models: Path, name: str, epoch: int, split: Split) -> np.ndarray:
    """What the run was recorded to answer in training."""
    found = runs.read_epoch_predictions(runs.read_run(models, name), split.name)
    assert found
    return found.predicted[found.epochs.index(epoch)]


def go(page: Page, title: str, settled: Callable[[Page], None]) -> None:
    page.locator(".st-key-menu").get_by_role("link", name=title, exact=True).click()
    expect(page.locator("h1")).to_have_text(title)
    settled(page)


def draw_lasso(page: Page) -> None:
    """Around the middle of the map."""
    box = page.locator(".st-key-map canvas").bounding_box()
    assert box
    x, y, reach = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["height"] / 4
    page.get_by_role("button", name="Lasso", exact=True).click()
    page.mouse.move(x - reach, y - reach)
    page.mouse.down()
    for dx, dy in ((1, -1), (1, 1), (-1, 1), (-1, -0.9)):
        page.mouse.move(x + dx * reach, y + dy * reach, steps=3)
    page.mouse.up()


def n_on_show(page: Page) -> int:
    """How many images the line beneath the title says are on show."""
    (told,) = re.findall(r"([\d,]+) of 5,000 images", page.inner_text(".stMain"))
    return int(told.replace(",", ""))


def test_a_question_becomes_a_set_that_every_page_follows_into_the_report(
    server: Any,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
    split: Split,
    bundled_models: Path,
) -> None:
    page = visit(f"{server.url}/confusion?run=simple-conv&epoch={EPOCH}")
    asked = np.isin(split.labels, (4, 9))
    page.keyboard.press("/")
    page.keyboard.type(QUERY)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{asked.sum():,} of 5,000 images").first).to_be_visible()
    settled(page)
    predicted = recorded(bundled_models, "simple-conv", EPOCH, split)
    for true, taken_for in ((4, 4), (4, 9), (9, 4), (9, 9), (3, 3)):
        n = int((asked & (split.labels == true) & (predicted == taken_for)).sum())
        cell = page.locator(f'button[data-true="{true}"][data-predicted="{taken_for}"]')
        expect(cell).to_have_text(f"{n:,}" if n else "")

    go(page, "Map", settled)
    expect(page.locator(".st-key-map [data-ready]")).to_be_visible()
    draw_lasso(page)
    page.wait_for_url(re.compile(r"set=images-[0-9a-f]{12}"))
    settled(page)
    n = n_on_show(page)
    assert 0 < n < 5_000

    go(page, "Runs", settled)
    expect(page.get_by_text(f"{n:,} of 5,000 images").first).to_be_visible()
    table = page.locator(".st-key-runs-at-once")
    for name in ("simple-conv", "cnn", "linear-l1"):
        expect(table).to_contain_text(name)

    go(page, "Confusion", settled)
    assert n_on_show(page) == n
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save report").click()
    report = Path(download.value.path()).read_text()
    assert f"{n:,} of 5,000 images" in report
    assert "simple-conv" in report
