"""The menu leads to every page; they keep their shape on a desk and a phone, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.navigation import SITE_MAP

PHONE = 420


@pytest.mark.parametrize("width", [1280, PHONE])
def test_the_menu_leads_to_every_page_which_fits_its_window_and_whose_text_can_be_read(
    server: Any, visit: Callable[..., Page], settled: Callable[[Page], None], width: int
) -> None:
    page = visit(server.url, width=width)
    menu = page.get_by_role("navigation", name="Pages")
    for entry in SITE_MAP[::-1]:
        link = menu.get_by_role("link", name=entry.title, exact=True)
        if width == PHONE:
            page.get_by_test_id("stExpandSidebarButton").click()
        link.click()
        expect(page.locator("h1")).to_have_text(entry.title)
        settled(page)
        if width == PHONE:
            expect(link).not_to_be_in_viewport()  # the menu folds once a page is chosen
        else:
            expect(menu.locator("[aria-current=page]")).to_have_accessible_name(entry.title)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            expect_contrast(page, is_light=scheme == "light")
            assert_fits(page, width)


def assert_fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    overflow = page.evaluate(
        """() => { const main = document.querySelector('[data-testid=stMain]');
             return main.scrollWidth - main.clientWidth }"""
    )
    assert overflow <= 0


def expect_contrast(page: Page, *, is_light: bool) -> None:
    # A change of theme reaches the page without a script whose end could be waited for.
    page.wait_for_function(
        """isLight => {
             const [text, paper] = [
               getComputedStyle(document.querySelector('h1')).color,
               getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor,
             ].map(colour => colour.match(/\\d+/g).slice(0, 3).map(Number)
               .reduce((sum, part) => sum + part) / 765);
             return Math.abs(text - paper) > 0.6 && (paper > 0.5) === isLight }""",
        arg=is_light,
    )


CUT_OR_TILTED = """() => {
  const main = document.querySelector('.stMainBlockContainer');
  const found = [];
  const links = '[data-testid="stPageLink-NavLink"] p, button p, [data-baseweb="select"] div';
  for (const one of main.querySelectorAll(links))
    if (one.checkVisibility() && one.scrollWidth > one.clientWidth + 1) found.push(one.textContent);
  for (const chart of main.querySelectorAll('.js-plotly-plot')) {
    const edge = chart.getBoundingClientRect();
    for (const text of chart.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.width && (box.right > edge.right + 1 || box.left < edge.left - 1))
        found.push(`${text.textContent} beyond its chart`);
    }
    for (const tick of chart.querySelectorAll('.xtick text')) {
      if (/rotate\\((?!0[,)])/.test(tick.getAttribute('transform') ?? ''))
        found.push(`${tick.textContent} tilted`);
      if (/^[-−]/.test(tick.textContent)) found.push(`epoch ${tick.textContent}`);
    }
  }
  return found;
}"""


@pytest.mark.parametrize(
    ("address", "width"),
    [
        ("training?", 800),
        ("causes?", 800),
        ("network?", 800),
        ("confusion?image=MISTAKE&", 1024),
    ],
)
def test_nothing_beside_an_image_or_in_a_chart_is_cut_or_tilted(
    server: Any,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
    address: str,
    width: int,
) -> None:
    runs = "curves=linear-l1&run=linear-l1" if address == "training?" else "run=simple-conv"
    page = visit(f"{server.url}/{address.replace('image=MISTAKE&', '')}{runs}", width=width)
    if "MISTAKE" in address:
        page.locator("[data-index]").first.click()
        expect(page.locator(".st-key-image-probabilities .js-plotly-plot")).to_be_visible()
        settled(page)
    page.wait_for_timeout(500)  # a chart takes its width once the page has its own
    assert page.evaluate(CUT_OR_TILTED) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_matrix_and_the_images_fit_a_phone(
    server: Any, visit: Callable[..., Page], scheme: str
) -> None:
    page = visit(f"{server.url}/confusion?true=4&predicted=4", width=420, scheme=scheme)
    corner = page.locator('.st-key-confusion-matrix button[data-true="9"][data-predicted="9"]')
    box = corner.bounding_box()
    assert box
    assert box["x"] + box["width"] <= 420
    assert min(box["width"], box["height"]) >= 24
    picture = page.locator(".st-key-cell-images button[data-index] i").first.bounding_box()
    assert picture
    assert picture["width"] == picture["height"] == 56


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ink_has_the_colour_of_the_text(
    server: Any, visit: Callable[..., Page], scheme: str
) -> None:
    page = visit(f"{server.url}/confusion?true=4&predicted=4", scheme=scheme)
    picture = page.locator(".st-key-cell-images button[data-index] i").first
    expect(picture).to_be_visible()
    ink = picture.evaluate("one => getComputedStyle(one).backgroundColor")
    text = page.locator("h1").evaluate("one => getComputedStyle(one).color")
    assert ink == text
