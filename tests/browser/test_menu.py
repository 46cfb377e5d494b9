"""The menu leads to every page, says which one is open, and is out of the way on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from dashboard.navigation import SITE_MAP


def test_it_leads_to_every_page_and_says_which_is_open(
    server: Any, visit: Callable[..., Page]
) -> None:
    page = visit(server.url)
    menu = page.get_by_role("navigation", name="Pages")
    for entry in SITE_MAP[::-1]:
        menu.get_by_role("link", name=entry.title, exact=True).click()
        expect(page.locator("h1")).to_have_text(entry.title)
        expect(menu.locator("[aria-current=page]")).to_have_accessible_name(entry.title)


def test_it_waits_for_links_whose_code_comes_late(
    server: Any, browser: Browser, settled: Callable[[Page], None]
) -> None:
    """Streamlit loads that code when the first link is to be drawn."""
    errors: list[str] = []
    with browser.new_context() as profile:  # which has none of it yet
        page = profile.new_page()
        page.on("console", lambda message: errors.append(message.text))
        held: list[Route] = []
        page.route("**/PageLink.*.js", lambda route: held.append(route))
        with page.expect_request("**/PageLink.*.js"):
            page.goto(f"{server.url}/confusion")
        settled(page)
        (late,) = held
        late.continue_()
        menu = page.get_by_role("navigation", name="Pages")
        expect(menu.locator("[aria-current=page]")).to_have_accessible_name("Confusion")
    assert not [error for error in errors if "BidiComponent" in error]


def test_its_links_can_be_opened_in_another_tab(server: Any, visit: Callable[..., Page]) -> None:
    page = visit(f"{server.url}/confusion?true=4&predicted=9")
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    expect(links).to_have_count(len(SITE_MAP))
    addresses = links.evaluate_all("links => links.map(link => link.href)")
    assert addresses == [f"{server.url}/{entry.url_path}" for entry in SITE_MAP]


def test_it_folds_on_a_phone_once_a_page_is_chosen(server: Any, visit: Callable[..., Page]) -> None:
    page = visit(server.url, width=420)
    page.get_by_test_id("stExpandSidebarButton").click()
    link = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Data set")
    link.click()
    expect(page.locator("h1")).to_have_text("Data set")
    expect(link).not_to_be_in_viewport()
