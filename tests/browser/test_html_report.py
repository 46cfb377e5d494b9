"""The report opened from disk in real Chromium, with the network cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dashboard.drawing.grids.confusion import MatrixDisplay
from dashboard.report import html_report
from dashboard.visit.selection import Selection
from dashboard.visit.view import View

PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 26)"}


@pytest.fixture(scope="module")
def file(view: View, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(view, tmp_path_factory.mktemp("report"))


def written(view: View, folder: Path) -> Path:
    path = folder / "report.html"
    now = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)
    view = replace(view, selection=Selection(true=4, predicted=9, image=12))
    link = "http://localhost:8501/confusion?run=guesser"
    path.write_text(html_report(view, display=MatrixDisplay(), link=link, now=now))
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[..., Page]]:
    """A function that opens the report; in the end nothing was asked of a network or complained."""
    complaints: list[str] = []
    contexts = []

    def refuse(route: Route) -> None:
        complaints.append(route.request.url)
        route.abort()

    def open_page(path: Path = file) -> Page:
        context = browser.new_context(offline=True)
        contexts.append(context)
        context.route(re.compile(r"^(?!file:|data:|blob:)"), refuse)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        expect(page.locator(".heatmaplayer image")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def test_every_chart_is_drawn_and_hovering_says_what_a_cell_means(
    opened: Callable[..., Page], view: View
) -> None:
    page = opened()
    expect(page.locator(".chart .main-svg .cartesianlayer")).to_have_count(5)
    assert (
        page.locator("#confusion-matrix .textpoint").count()
        >= (view.answers.confusion_matrix > 0).sum()
    )
    box = page.locator(".heatmaplayer image").bounding_box()
    assert box
    pair = view.answers.most_confused(1)[0]
    x = box["x"] + (pair.predicted + 0.5) * box["width"] / 10
    y = box["y"] + (pair.true + 0.5) * box["height"] / 10
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    label = page.locator("#confusion-matrix .hoverlayer")
    expect(label).to_contain_text(
        f"{pair.count} images of {pair.true} predicted as {pair.predicted}"
    )
    expect(label).to_contain_text(f"of 100 images of {pair.true}")


def test_it_fits_its_window_and_its_ink_follows_the_theme_and_the_printer(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    for width in (1280, 420):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.locator("body")).to_have_css("background-color", PAPER[scheme])
            assert_ink(page)
        # Once the charts have been drawn anew.
        expect(page.locator("html")).to_have_js_property("scrollWidth", width)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", PAPER["light"])
    assert_ink(page)


def assert_ink(page: Page) -> None:
    """Charts and digits have the colour of the text."""
    text = page.evaluate("getComputedStyle(document.body).color")
    letters = page.evaluate(
        """[...document.querySelectorAll('.chart .xtick text, .textpoint text')]
             .map(one => getComputedStyle(one).fill)"""
    )
    assert set(letters) == {text}
    digit = page.locator(".digit").first
    assert digit.evaluate("one => getComputedStyle(one).backgroundColor") == text


def test_a_chart_can_be_saved_without_a_network(opened: Callable[..., Page]) -> None:
    page = opened()
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as saving:
            page.get_by_role("button", name=f"Save confusion-matrix as {kind.upper()}").click()
        assert saving.value.suggested_filename == f"confusion-matrix.{kind}"
        assert saving.value.path().read_bytes().startswith(start)


def test_names_are_shown_as_they_are_and_never_run(
    opened: Callable[..., Page], view: View, tmp_path: Path
) -> None:
    evil = "</script><img src=x onerror=console.log(1)><a href='x'>0</a>"
    outline = replace(view.outline, class_names=(evil, *view.class_names[1:]))
    path = written(replace(view, outline=outline), tmp_path)
    page = opened(path)
    expect(page.locator("#confusion-matrix .ytick text").first).to_have_text(evil)
    assert page.locator("img").count() == 0
    assert page.locator("a").count() == 1  # the link to the view, of HTML or of SVG


def test_the_browser_itself_refuses_the_report_a_network(browser: Browser, file: Path) -> None:
    page = browser.new_page()  # on a network: only the report's own policy holds it back
    page.goto(file.as_uri())
    refused = page.evaluate(
        """() => new Promise(resolve => {
             document.addEventListener('securitypolicyviolation', event =>
               resolve(event.effectiveDirective + ' ' + event.blockedURI));
             fetch('http://127.0.0.1:9/').catch(() => {});
             setTimeout(() => resolve('let through'), 5000);
           })"""
    )
    assert refused.startswith("connect-src http://127.0.0.1:9")
    page.close()
