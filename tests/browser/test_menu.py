"""The menu waits for what draws its links, which other tabs can open; test_looks goes along it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from dashboard.navigation import SITE_MAP


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
