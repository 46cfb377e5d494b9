"""What an analyst does with the field: by keys alone, then by its chips and a brush."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_core import runs
from mnist_core.datasets import mnist

IMAGES = ".st-key-cell-images button[data-index]"


@pytest.fixture
def page(server: Any, visit: Callable[..., Page]) -> Page:
    page = visit(f"{server.url}/confusion?run=simple-conv&epoch=8")
    expect(page.locator(IMAGES).first).to_be_visible()
    return page


@pytest.fixture
def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Ask of the images")


def asked_for(page: Page) -> str | None:
    return parse_qs(urlsplit(page.url).query).get("set", [None])[0]


def offered(page: Page) -> list[str]:
    return page.get_by_role("listbox").locator("b").all_inner_texts()


def test_a_query_is_typed_taken_apart_and_brushed(
    page: Page, field: Locator, settled: Callable[[Page], None], bundled_models: Any
) -> None:
    recorded = runs.read_epoch_predictions(
        runs.read_run(bundled_models, "simple-conv"), "validation"
    )
    assert recorded
    labels = mnist.load().split("validation").labels
    wrong = recorded.predicted[recorded.epochs.index(8)] != labels
    chips = page.get_by_role("list", name="Conditions").get_by_role("listitem")

    box, line = field.bounding_box(), page.locator(".st-key-asking").bounding_box()
    assert box
    assert line
    assert box["width"] > 0.7 * line["width"]  # what stands beside it takes what it needs
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("wro")
    assert offered(page)[0] == "wrong"
    page.keyboard.press("ArrowDown")
    active = page.locator('[role="option"][aria-selected="true"]')
    expect(active).to_have_attribute("id", str(field.get_attribute("aria-activedescendant")))
    page.keyboard.press("Enter")  # takes what is marked, asks nothing yet
    page.keyboard.type("an")
    page.keyboard.press("Tab")
    page.keyboard.type("true in (")
    assert offered(page) == [str(label) for label in range(10)]
    page.keyboard.type("4, 9)")
    page.keyboard.press("Enter")
    expect(chips).to_have_text(["wrong×", "true in (4, 9)×"])
    assert asked_for(page) == "wrong and true in (4, 9)"
    expect(page.locator(IMAGES)).to_have_count(int((wrong & ((labels == 4) | (labels == 9))).sum()))

    field.fill("wrnog")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Did you mean “wrong”?")).to_be_visible()
    expect(field).to_have_value("wrnog")  # to be mended; the set stays on show
    expect(chips).to_have_count(2)
    field.fill("2171")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-image-detail")).to_contain_text("2171")
    expect(field).to_have_value("wrong and true in (4, 9)")
    assert asked_for(page) == "wrong and true in (4, 9)"

    page.get_by_role("button", name="Remove true in (4, 9)").click()
    expect(chips).to_have_text(["wrong×"])
    expect(page.locator(IMAGES)).to_have_count(int(wrong.sum()))

    page.get_by_role("button", name="Filter").click()
    page.get_by_role("combobox", name="Column").select_option("index")
    plot = page.get_by_role("img", name=f"Histogram of index: {wrong.sum()} images")
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60, steps=3)
    page.mouse.up()
    low, high = (page.get_by_role("spinbutton", name=name).input_value() for name in ("From", "to"))
    inside = wrong[int(low) : int(high) + 1].sum()
    expect(page.get_by_test_id("stPopoverBody").get_by_role("status")).to_have_text(
        f"{inside} images"
    )
    page.get_by_role("spinbutton", name="From").fill("1000")
    page.keyboard.press("Enter")
    expect(chips).to_have_text(["wrong×", f"1000 <= index <= {high}×"])
    expect(page.locator(IMAGES)).to_have_count(int(wrong[1000 : int(high) + 1].sum()))
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Clear all").click()
    expect(chips).to_have_count(0)
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(page.get_by_role("listbox")).to_be_hidden()  # it would lie over the page
    assert asked_for(page) is None
