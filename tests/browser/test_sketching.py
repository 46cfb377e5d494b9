"""A digit drawn with the mouse is read; an empty sheet is not."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

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
    expect(prediction).to_contain_text("Draw a digit to see what the model predicts")
    expect(prediction.locator(".mnist-digit")).to_have_count(0)


@pytest.mark.parametrize(("digit", "stroke"), [(0, ZERO), (7, SEVEN)])
def test_a_drawn_digit_is_read(page: Page, digit: int, stroke: list[tuple[float, float]]) -> None:
    draw(page, stroke)
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction.get_by_role("heading")).to_contain_text(f"Reads as {digit}")
    expect(prediction.locator(".mnist-digit")).to_be_visible()
    expect(prediction).to_contain_text("Top 3:")


def test_strokes_are_undone_by_key_redone_by_button_erased_and_kept(page: Page) -> None:
    prediction, undo = (
        page.locator(".st-key-sketch-prediction"),
        page.locator(".st-key-sketch-undo button"),
    )
    redo = page.locator(".st-key-sketch-redo button")
    expect(undo).to_be_disabled()
    draw(page, SEVEN)
    expect(prediction.get_by_role("heading")).to_contain_text("Reads as 7")
    page.get_by_role("radio", name="Eraser").click()
    page.keyboard.press("Control+z")
    expect(prediction).to_contain_text("Draw a digit to see what the model predicts")
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    expect(prediction.get_by_role("heading")).to_contain_text("Reads as 7")
    seen = prediction.locator(".mnist-digit").get_attribute("style")
    draw(page, [(120, 230), (160, 150), (110, 235), (180, 140)])
    expect(prediction.locator(".mnist-digit")).not_to_have_attribute("style", str(seen))
    undo.click()
    expect(prediction.locator(".mnist-digit")).to_have_attribute("style", str(seen))
    expect(redo).to_be_enabled()
    page.get_by_role("link", name="Network").first.click()
    expect(page.get_by_role("heading", name="Network")).to_be_visible()
    page.get_by_role("link", name="Sketch").first.click()
    expect(prediction.locator(".mnist-digit")).to_have_attribute("style", str(seen))
    redo.click()
    expect(prediction.locator(".mnist-digit")).not_to_have_attribute("style", str(seen))


def test_a_new_sheet_is_empty(page: Page) -> None:
    draw(page, SEVEN)
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction.get_by_role("heading")).to_contain_text("Reads as 7")
    page.get_by_role("button", name="Clear").click()
    expect(prediction).to_contain_text("Draw a digit to see what the model predicts")


def test_an_opened_image_is_read_before_the_first_stroke(
    server: Any, visit: Callable[..., Page]
) -> None:
    page = visit(f"{server.url}/sketch?run=simple-conv&image=3507")
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction.get_by_role("heading")).to_contain_text("Reads as 7")
    page.get_by_role("button", name="Clear").click()
    expect(prediction).to_contain_text("Draw a digit to see what the model predicts")


def test_strokes_on_an_image_leave_the_original_beside_it(
    server: Any, visit: Callable[..., Page]
) -> None:
    page = visit(f"{server.url}/sketch?run=simple-conv&image=3507")
    prediction = page.locator(".st-key-sketch-prediction")
    expect(prediction.get_by_role("heading")).to_have_count(1)
    before = prediction.get_by_role("heading").inner_text()
    draw(page, [(60, 140), (220, 140)])
    expect(prediction.get_by_role("heading")).to_have_count(2)
    assert prediction.get_by_role("heading").first.inner_text() == before
    expect(prediction).to_contain_text("With your strokes")


@pytest.mark.parametrize("width", [1280, 800, 420])
def test_the_sheet_is_never_cut(server: Any, visit: Callable[..., Page], width: int) -> None:
    page = visit(f"{server.url}/sketch?run=simple-conv&image=3507", width=width)
    sheet = page.locator(".st-key-sketch-canvas")
    expect(sheet.locator("canvas").last).to_be_visible()
    shown, canvas = sheet.bounding_box(), sheet.locator("canvas").last.bounding_box()
    assert shown
    assert canvas
    assert canvas["x"] + canvas["width"] <= shown["x"] + shown["width"] + 1


def with_another_picture(message: bytes, picture: bytes) -> bytes:
    """What the browser tells the server, with another picture than the one it drew."""
    told = BackMsg()
    told.ParseFromString(message)
    for state in told.rerun_script.widget_states.widgets:
        if state.WhichOneof("value") == "json_value" and '"data":"data:' in state.json_value:
            value = json.loads(state.json_value)
            data = "data:image/png;base64," + base64.b64encode(picture).decode()
            value["drawing"]["data"] = data
            state.json_value = json.dumps(value)
    return told.SerializeToString()


def test_a_picture_that_is_none_starts_nothing_and_is_one_sentence(
    server: Any, profile: BrowserContext, settled: Callable[[Page], None]
) -> None:
    page = profile.new_page()

    def connect(line: Any) -> None:
        upstream = line.connect_to_server()
        line.on_message(lambda told: upstream.send(with_another_picture(told, b"%!PS-Adobe-3.0")))

    page.route_web_socket("**/_stcore/stream", connect)
    page.goto(f"{server.url}/sketch?run=simple-conv")
    settled(page)
    draw(page, SEVEN)
    alert = page.get_by_role("alert").filter(has_text="Expected a PNG")
    expect(alert).to_contain_text("another kind of file")
    page.close()
