"""docs/tour.md as it stands: each of its questions is answered in at most three actions.

With --pictures those of docs/tour.md and README.md are taken anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

DOCS = Path(__file__).resolve().parents[2] / "docs"
START = "confusion?run=simple-conv"
MOST_ACTIONS = 3
COLOURS = 256
"""Of a picture, which make it small."""

OF_THE_README = {
    "confusion": ("confusion?run=simple-conv&true=7&predicted=2&image=1226", "light"),
    "map": ("map?run=simple-conv", "light"),
    "training": ("training?run=cnn&curves=flagship,cnn,simple-conv,mlp-deep,linear-l2", "light"),
    "explanations": ("explanations?run=simple-conv&image=247", "light"),
    "dataset": ("dataset?run=simple-conv", "dark"),
}
"""Its pictures by name: an address, on MNIST's own test images, and a theme."""

SEVEN = [(80, 60), (200, 60), (130, 230)]


@dataclass(frozen=True)
class Question:
    """A section of the document.

    Attributes:
        title: The question.
        actions: What to do, a line each.
        seen: What the page then says.
        picture: File of its picture, below docs/.
    """

    title: str
    actions: tuple[str, ...]
    seen: tuple[str, ...]
    picture: str


def questions() -> list[Question]:
    sections = re.split(r"^## \d+\. ", (DOCS / "tour.md").read_text("utf-8"), flags=re.MULTILINE)
    return [
        Question(
            title=section.splitlines()[0],
            actions=tuple(re.findall(r"^\d\. (.+)$", section, re.MULTILINE)),
            seen=tuple(re.findall(r"^> (.+)$", section, re.MULTILINE)),
            picture=re.findall(r"^!\[.+\]\((.+)\)$", section, re.MULTILINE)[0],
        )
        for section in sections[1:]
    ]


def act(page: Page, action: str) -> None:
    """Do what a line of the document says, and nothing else."""
    verb, _, what = action.partition(" ")
    what = what.strip("*`")
    if verb == "Ask":
        field = page.get_by_role("combobox", name="Ask of the images")
        expect(field).to_be_visible()
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.keyboard.type(what)
        expect(field).to_have_value(what)
        page.keyboard.press("Enter")
    elif verb == "Open":
        page.locator(".st-key-menu").get_by_role("link", name=what, exact=True).click()
        expect(page.locator("h1")).to_have_text(what)
    elif verb == "Click":
        main = page.get_by_test_id("stMain")
        button, radio = (
            main.get_by_role(role, name=what, exact=True) for role in ("button", "radio")
        )
        switch = main.locator("label").filter(has=page.get_by_text(what, exact=True))
        button.or_(radio).or_(switch).first.click()
    else:
        assert action == "Draw a seven"
        draw(page)


def draw(page: Page) -> None:
    box = page.locator(".st-key-sketch-canvas canvas").last.bounding_box()
    assert box
    (x, y), *rest = SEVEN
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()


def take_picture(page: Page, file: Path) -> None:
    page.mouse.move(1_279, 799)  # over nothing that would light up
    page.wait_for_timeout(1_500)  # charts, maps and fonts have come to rest
    with Image.open(io.BytesIO(page.screenshot()), formats=["PNG"]) as shot:
        small = shot.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
        )
    small.save(file, optimize=True)


def test_each_of_twelve_questions_is_answered_in_at_most_three_actions(
    server: Any,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
    request: pytest.FixtureRequest,
) -> None:
    takes_pictures = request.config.getoption("--pictures")
    asked = questions()
    assert len(asked) == 12
    for question in asked:
        assert 1 <= len(question.actions) <= MOST_ACTIONS, question.title
        page = visit(f"{server.url}/{START}")
        for action in question.actions:
            act(page, action)
            settled(page)
        main = page.get_by_test_id("stMain")
        stop = main.get_by_role("button", name="Stop", exact=True)
        expect(stop, question.title).to_have_count(0, timeout=180_000)  # nothing is under way
        for text in question.seen:
            expect(main.get_by_text(text).first, question.title).to_be_visible()
        expect(main.get_by_test_id("stAlert")).to_have_count(0)
        if takes_pictures:
            take_picture(page, DOCS / question.picture)
        assert (DOCS / question.picture).is_file(), question.title


@pytest.fixture
def full_server(
    request: pytest.FixtureRequest, serve: Callable[..., Any], bundled_models: Path
) -> Any:
    if not request.config.getoption("--pictures"):
        pytest.skip("takes pictures alone")
    data = request.getfixturevalue("full_mnist_path")
    return serve(MNIST_LENS_DATA=str(data), MNIST_LENS_MODELS=str(bundled_models))


@pytest.mark.parametrize("name", OF_THE_README)
def test_pictures_of_the_readme_show_pages_without_a_warning(
    full_server: Any, visit: Callable[..., Page], name: str
) -> None:
    address, scheme = OF_THE_README[name]
    page = visit(f"{full_server.url}/{address}", scheme=scheme)
    main = page.get_by_test_id("stMain")
    stop = main.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_have_count(0, timeout=180_000)
    expect(main.get_by_test_id("stAlert")).to_have_count(0)
    if name == "map":
        expect(page.locator(".st-key-map [data-ready]")).to_be_visible()
        for _ in range(5):  # until the points are the digits themselves
            main.get_by_role("button", name="Zoom in", exact=True).click()
    take_picture(page, DOCS / "pictures" / f"{name}.png")
