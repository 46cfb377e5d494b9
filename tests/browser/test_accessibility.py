"""Every page can be used by keyboard and by screen reader, and be read in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboard.navigation import SITE_MAP
from mnist_core import settings
from mnist_core.datasets import added, embedded
from mnist_core.datasets.dataset import DIGITS
from mnist_core.own.own_digits import OwnDigits
from mnist_core.own.own_sets import keep_digits
from mnist_core.sets import ImageSet, delete_set, keep_sets

SCRIPTS = (
    Path(axe_playwright_python.__file__).with_name("axe.min.js"),
    Path(__file__).with_name("accessibility.js"),
)
CHOSEN = "run=simple-conv&baseline=dense-256"
DETAIL = f"confusion?{CHOSEN}&image=2171&nearest=shown", ".st-key-image-depth .linked-digits a"
DESK = f"causes?{CHOSEN}", ".st-key-triage-desk .mnist-digit"
SAME_EVERYWHERE = "Filter"
"""The button of a window that is the same on all pages, so that it is judged once."""

# A page with what must be seen before it is judged, then what to choose on it and to wait for.
STATES: tuple[tuple[tuple[str, str], ...], ...] = (
    ((f"?{CHOSEN}", ".st-key-run-table tr.chosen"),),
    (("dataset?image=7", '[role="dialog"] .js-plotly-plot'),),
    (
        ("dataset?true=3", ".st-key-class-samples button[data-index]"),
        ("Drift", ".st-key-drift td"),
        ("Add and remove", '[data-testid="stFileUploader"]'),
    ),
    ((f"training?{CHOSEN}", ".st-key-learning-curves .js-plotly-plot"),),
    (
        ("runs?run=simple-conv&image=12", ".st-key-image-detail tr.chosen"),
        ("Shared errors", ".st-key-runs-at-once td button"),
    ),
    (DETAIL, ("Pictures", ".st-key-confusion-matrix td button i")),
    (
        (f"comparison?{CHOSEN}&image=12", ".st-key-changes td button.broken"),
        ("Side by side", ".st-key-matrix-after td button"),
        ("Prediction against prediction", ".st-key-changes td button:not(.broken)"),
    ),
    ((f"history?{CHOSEN}&image=12", ".st-key-epoch-film-box .player"),),
    (DESK, ("Suspect labels", ".st-key-suspects button[data-index]")),
    ((f"sets?{CHOSEN}&set=index<400", ".st-key-set-table tr.chosen"),),
    ((f"confidence?{CHOSEN}&image=12", ".st-key-risk .js-plotly-plot"),),
    ((f"map?{CHOSEN}&image=12&set=index<400", ".st-key-map-before [data-ready]"),),
    (
        (f"explanations?{CHOSEN}&image=2171&sheet=picked&picked=12", ".explanation-sheet td"),
        ("Difference", ".st-key-explanation-choices [data-testid=stSelectbox]"),
    ),
    (
        (
            "network?run=simple-conv&true=4&predicted=9&pixel=3.9.9&off=1.3",
            ".st-key-matrix-off td button",
        ),
    ),
    (("sketch?run=simple-conv&image=12", ".st-key-sketch-canvas canvas"),),
    (("pictures?run=simple-conv&data=own", ".st-key-kept-scores tr.chosen"),),
)


@pytest.fixture(scope="module", autouse=True)
def named_set() -> Iterator[None]:
    """One of the first images, and one of digits of one's own, so that their pages have tables."""
    keep_sets([ImageSet("the first", "mnist", "index<400")], settings.home_folder())
    images, labels = embedded.digits()
    names = np.array([f"{place}.png" for place in range(20)])
    keep_digits("own", OwnDigits(images[::250], labels[::250].astype(int), names), DIGITS)
    yield
    added.remove("own")
    delete_set("the first", "mnist", settings.home_folder())


@pytest.fixture(scope="module")
def judged_once() -> set[str]:
    """Names of windows that were judged and are the same on all pages."""
    return set()


@pytest.fixture
def open_state(
    server: Any, visit: Callable[..., Page], settled: Callable[[Page], None]
) -> Callable[[tuple[str, str]], Page]:
    """A function that opens a page, waits until it shows what it should, and puts axe into it."""

    def open_page(state: tuple[str, str]) -> Page:
        path, awaited = state
        page = visit(f"{server.url}/{path}")
        expect(page.locator(awaited).first).to_be_visible()
        settled(page)
        for script in SCRIPTS:
            page.add_script_tag(path=script)
        page.add_style_tag(content="* { transition: none !important }")
        return page

    return open_page


def judge(page: Page, within: str, *, scheme: str = "light") -> list[str]:
    """What axe-core finds in a part of the page that is serious or critical.

    In the dark colours are other, and nothing else: then colours alone are judged.
    """
    found: list[str] = page.evaluate(
        "([within, isDark]) => findings(within, isDark)", [within, scheme == "dark"]
    )
    return found


def judge_all(page: Page, judged: set[str]) -> list[str]:
    """What it finds on the page and in each window that a button opens, in light and in dark.

    Windows of buttons in `judged` are left out; the others are put there.
    """
    openers = page.get_by_test_id("stPopoverButton").filter(visible=True)
    opened = page.get_by_test_id("stPopoverBody")
    found, names = [], openers.locator("p").all_inner_texts()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            """isLight => getComputedStyle(document.querySelector('[data-testid=stApp]'))
                 .backgroundColor.match(/\\d+/)[0] > 128 === isLight""",
            arg=scheme == "light",
        )
        page.wait_for_timeout(100)  # components of our own get the new colours a little later
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        found += [f"In {scheme}, {text}" for text in judge(page, "html", scheme=scheme)]
        for number in (number for number, name in enumerate(names) if name not in judged):
            openers.nth(number).click()
            expect(opened).to_be_visible()
            inside = judge(page, '[data-testid="stPopoverBody"]', scheme=scheme)
            # What a window shows may be made once it is open; until then it keeps no focus.
            page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
            found += [f"In {scheme}, in {names[number]}, {text}" for text in inside]
            page.keyboard.press("Escape")
            expect(opened).to_have_count(0)
    judged.update(names)
    return found


def test_every_page_is_judged() -> None:
    judged = {path.partition("?")[0] for (path, _), *_ in STATES}
    assert judged == {entry.url_path for entry in SITE_MAP}


@pytest.mark.parametrize("states", STATES, ids=lambda states: states[0][0].partition("&")[0])
def test_axe_finds_nothing_serious(
    states: tuple[tuple[str, str], ...],
    open_state: Callable[[tuple[str, str]], Page],
    settled: Callable[[Page], None],
    judged_once: set[str],
) -> None:
    page, judged = open_state(states[0]), {*judged_once}
    found = judge_all(page, judged)
    for choice, awaited in states[1:]:
        page.get_by_role("radio", name=choice).click()
        expect(page.locator(awaited).first).to_be_visible()
        settled(page)
        # What is computed meanwhile would be drawn, and fade what it replaces, while it is judged.
        expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=60_000)
        settled(page)
        found += judge_all(page, judged)
    judged_once |= judged & {SAME_EVERYWHERE}
    assert not found, "\n\n".join(found)


def test_axe_would_find_a_nameless_cell_of_the_matrix(
    open_state: Callable[[tuple[str, str]], Page],
) -> None:
    page = open_state(("confusion?run=simple-conv", ".st-key-confusion-matrix td button"))
    page.locator(".st-key-confusion-matrix td button").first.evaluate(
        "one => { one.removeAttribute('aria-label'); one.replaceChildren(); }"
    )
    (finding,) = judge(page, ".st-key-confusion-matrix")
    assert finding.startswith("button-name: ")


@pytest.mark.parametrize("state", [DETAIL, DESK], ids=["confusion", "causes"])
def test_tab_comes_to_every_control_and_shows_where_it_is(
    state: tuple[str, str], open_state: Callable[[tuple[str, str]], Page]
) -> None:
    page = open_state(state)
    for _ in range(200):
        page.keyboard.press("Tab")
        if not page.evaluate("journey.step()"):
            break
    found = page.evaluate("journey.end()")
    assert 30 < found.pop("steps") < 200
    assert found == {"missed": [], "nameless": [], "ringless": []}
