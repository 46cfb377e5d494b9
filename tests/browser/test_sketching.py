"""A digit drawn with the mouse is read; an empty sheet is not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

ZERO = [
    (140 + 55 * math.cos(t / 20 * math.tau), 140 - 85 * math.sin(t / 20 * math.tau))
    for t in range(21)
]
SEVEN = [(80, 60), (200, 60), (130, 230)]


@pytest.fixture
def page(server: Any, visit: Callable[..., Page]) -> Page:
    return visit(f"{server.url}/sketch?run=simple-conv")


def draw(page: Page, stroke: list[tuple[float, float]]) -> None:
    canvas = page.locator(".st-key-sketch-canvas canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    (x, y), *rest = stroke
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()


def test_an_empty_sheet_predicts_nothing(page: Page) -> None:
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction).to_contain_text("Nothing is predicted before there is ink")
    expect(prediction.locator(".mnist-digit")).to_have_count(0)


@pytest.mark.parametrize(("digit", "stroke"), [(0, ZERO), (7, SEVEN)])
def test_a_drawn_digit_is_read(page: Page, digit: int, stroke: list[tuple[float, float]]) -> None:
    draw(page, stroke)
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction.get_by_role("heading")).to_contain_text(f"Reads as {digit}")
    expect(prediction.locator(".mnist-digit")).to_be_visible()
    expect(prediction).to_contain_text("Top 3:")


def test_a_new_sheet_is_empty(page: Page) -> None:
    draw(page, SEVEN)
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction.get_by_role("heading")).to_contain_text("Reads as 7")
    page.get_by_role("button", name="New sheet").click()
    expect(prediction).to_contain_text("Nothing is predicted before there is ink")


def test_an_opened_image_is_read_before_the_first_stroke(
    server: Any, visit: Callable[..., Page]
) -> None:
    page = visit(f"{server.url}/sketch?run=simple-conv&image=3507")
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction.get_by_role("heading")).to_contain_text("Reads as 7")
    page.get_by_role("button", name="New sheet").click()
    expect(prediction).to_contain_text("Nothing is predicted before there is ink")
