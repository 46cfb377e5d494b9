"""What an analyst does on the confusion page, by mouse, keyboard, link and back button."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sklearn.metrics import accuracy_score, confusion_matrix

from mnist_core import runs
from mnist_core.datasets import Split, mnist
from mnist_core.inference import prediction

GRID = ".st-key-confusion-matrix"
CELL = GRID + ' button[data-true="{}"][data-predicted="{}"]'
IMAGES = ".st-key-cell-images button[data-index]"


EMBEDDED, FULL = "the embedded digits", "the full test split"

on_embedded_digits = pytest.mark.parametrize("shown", [EMBEDDED], indirect=True)
"""For ways of going about that are the same whatever the images are."""


@pytest.fixture(scope="module", params=[EMBEDDED, FULL])
def shown(request: pytest.FixtureRequest, serve: Callable, bundled_models: Path) -> Mapping:
    """A served dashboard, the split it opens with, and scikit-learn's matrix of its best run."""
    environment = {"MNIST_LENS_MODELS": str(bundled_models)}
    if request.param == FULL:
        path = request.getfixturevalue("full_mnist_path")
        server = serve(MNIST_LENS_DATA=str(path), **environment)
        split: Split = mnist.load(path).split("test")
    else:
        server = request.getfixturevalue("server")
        split = mnist.load().split("validation")
    run = runs.read_run(bundled_models, "simple-conv")
    y_prob = prediction.predict(run.checkpoint(run.best_epoch).path, split.images)
    y_pred = y_prob.argmax(axis=1)
    return {
        "server": server,
        "url": f"{server.url}/confusion?run=simple-conv",
        "labels": split.labels,
        "y_pred": y_pred,
        "y_prob": y_prob,
        "matrix": confusion_matrix(split.labels, y_pred),
    }


@pytest.fixture
def page(shown: Mapping, visit: Callable[..., Page]) -> Page:
    return visit(shown["url"])


def mistakes(matrix: np.ndarray) -> list[tuple[int, int, int]]:
    """(true, predicted, count) of the cells off the diagonal that have images, largest first."""
    cells = [(t, p, int(matrix[t, p])) for t, p in np.argwhere(matrix) if t != p]
    return sorted(((int(t), int(p), n) for t, p, n in cells), key=lambda cell: -cell[2])


def listed(page: Page) -> list[int]:
    """Positions in the split of the images listed, in their order."""
    return page.locator(IMAGES).evaluate_all("all => all.map(one => +one.dataset.index)")


def misses(shown: Mapping, true: int) -> np.ndarray:
    return np.flatnonzero((shown["labels"] == true) & (shown["y_pred"] != true))


def expect_cell(page: Page, true: int, predicted: int, count: int) -> None:
    images = f"{count:,} image{'' if count == 1 else 's'}"
    heading = page.locator(".st-key-cell-images h3")
    expect(heading).to_have_text(f"True {true} → predicted {predicted}: {images}")
    expect(page.locator(IMAGES)).to_have_count(count)


def chosen_cell(url: str) -> tuple[int, int]:
    query = parse_qs(urlsplit(url).query)
    return int(query["true"][0]), int(query["predicted"][0])


def test_every_cell_shows_and_says_what_scikit_learn_counts(shown: Mapping, page: Page) -> None:
    for true, predicted in np.ndindex(10, 10):
        cell = page.locator(CELL.format(true, predicted))
        count = shown["matrix"][true, predicted]
        expect(cell).to_have_text(f"{count:,}" if count else "")
        images = f"{count:,} image{'' if count == 1 else 's'}"
        expect(cell).to_have_attribute("aria-label", f"{true} predicted as {predicted}: {images}")
    accuracy = 100 * accuracy_score(shown["labels"], shown["y_pred"])
    expect(page.locator(".accuracy")).to_have_text(f"{accuracy:.2f} %")


def test_a_click_on_a_mistake_shows_exactly_its_images(shown: Mapping, page: Page) -> None:
    true, predicted, count = mistakes(shown["matrix"])[0]
    page.locator(CELL.format(true, predicted)).click()
    expect_cell(page, true, predicted, count)
    expected = np.flatnonzero((shown["labels"] == true) & (shown["y_pred"] == predicted))
    assert sorted(listed(page)) == expected.tolist()


@on_embedded_digits
def test_the_keyboard_reaches_and_opens_a_cell_and_an_image(
    shown: Mapping, page: Page, settled: Callable[[Page], None]
) -> None:
    true, predicted, count = mistakes(shown["matrix"])[1]
    page.locator(CELL.format(true, (predicted - 1) % 10)).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect_cell(page, true, predicted, count)
    settled(page)
    page.locator(IMAGES).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-image-detail .mnist-digit")).to_be_visible()


def test_all_mistakes_then_those_of_a_row_a_column_a_picture_and_all_again(
    shown: Mapping, page: Page
) -> None:
    matrix, heading = shown["matrix"], page.locator(".st-key-cell-images h3")
    wrong = np.flatnonzero(shown["labels"] != shown["y_pred"])
    expect(heading).to_have_text(f"{len(wrong):,} mistakes")
    expect(page.locator(IMAGES)).to_have_count(len(wrong))
    assert sorted(listed(page)) == wrong.tolist()
    titles = page.locator(".st-key-cell-images h4").all_inner_texts()
    missed = {k: len(misses(shown, k)) for k in range(10)}
    assert titles == [f"Class {k}: {n} missed" for k, n in missed.items() if n]
    assert np.all(np.diff(shown["labels"][listed(page)].astype(int)) >= 0)
    page.locator(IMAGES).first.focus()
    page.keyboard.press("ArrowDown")
    below = min(10, next(n for n in missed.values() if n))  # the next class has a row of its own
    expect(page.locator(f"{IMAGES}:focus")).to_have_attribute("data-position", str(below))
    page.keyboard.press("ArrowUp")
    expect(page.locator(f"{IMAGES}:focus")).to_have_attribute("data-position", "0")

    true, predicted, count = mistakes(matrix)[0]
    page.locator(f'{GRID} th button[data-true="{true}"]').click()
    expect(heading).to_have_text(f"Class {true}: {missed[true]} missed")
    expect(page.locator(IMAGES)).to_have_count(missed[true])
    assert sorted(listed(page)) == misses(shown, true).tolist()

    page.locator(CELL.format(0, predicted)).focus()
    page.keyboard.press("ArrowUp")
    false_positives = int(matrix[:, predicted].sum() - matrix[predicted, predicted])
    caption = page.locator(f"{GRID} .caption")
    expect(caption).to_contain_text(f", {false_positives} false positives. Precision ")
    page.keyboard.press("Enter")
    expect(heading).to_have_text(f"Class {predicted}: {false_positives} false positives")
    expect(page.locator(IMAGES)).to_have_count(false_positives)

    page.get_by_role("radio", name="Pictures", exact=True).click()
    expect(page.locator(f"{GRID} td button i")).to_have_count(len(mistakes(matrix)))
    page.locator(CELL.format(true, predicted)).click()
    expect_cell(page, true, predicted, count)

    page.get_by_role("button", name="All mistakes").click()
    wrong = int(matrix.sum() - matrix.trace())
    expect(heading).to_have_text(f"{wrong} mistakes")
    expect(page.locator(IMAGES)).to_have_count(wrong)
    expect(page.locator(f"{GRID} button[aria-pressed=true]")).to_have_text("all")


def test_images_are_put_in_order_by_loss_and_exported(shown: Mapping, page: Page) -> None:
    true = mistakes(shown["matrix"])[0][0]
    page.locator(f'{GRID} th button[data-true="{true}"]').click()
    found = misses(shown, true)
    expect(page.locator(IMAGES)).to_have_count(len(found))
    confidence = shown["y_prob"][found].max(axis=1)
    assert listed(page) == found[np.argsort(-confidence, kind="stable")].tolist()
    page.get_by_role("button", name="Order and size").click()
    page.get_by_role("radio", name="Loss", exact=True).click()
    expect(page.get_by_text("The highest loss first")).to_be_visible()
    loss = -np.log(np.clip(shown["y_prob"][found, true].astype(float), 1e-7, 1))
    by_loss = found[np.argsort(-loss, kind="stable")]
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.locator(".st-key-cell-sheet-csv button").click()
    with Path(download.value.path()).open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [int(line["index"]) for line in lines] == listed(page) == by_loss.tolist()
    assert {line["true"] for line in lines} == {str(true)}
    told = [float(line["loss"]) for line in lines]
    assert told == pytest.approx(np.sort(loss)[::-1], rel=1e-4)


@on_embedded_digits
def test_tab_comes_to_the_matrix_and_arrows_to_its_cells(page: Page) -> None:
    page.get_by_role("radio", name="Mistakes", exact=True).focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        if focused(page) == "All mistakes":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert re.fullmatch(r"0 predicted as 0: [\d,]+ images?", focused(page) or "")


def focused(page: Page) -> str | None:
    """The label of what has the focus, within a component too."""
    label: str | None = page.evaluate(
        """() => { let one = document.activeElement;
            while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
            return one.getAttribute('aria-label') }"""
    )
    return label


def test_of_ten_clicks_a_second_the_last_one_counts(shown: Mapping, page: Page) -> None:
    cells = mistakes(shown["matrix"])[:10]
    for true, predicted, _ in cells:
        page.locator(CELL.format(true, predicted)).click(no_wait_after=True)
        page.wait_for_timeout(80)
    expect_cell(page, *cells[-1])
    page.wait_for_url(lambda url: chosen_cell(url) == cells[-1][:2])


def test_a_link_opens_the_same_image_in_another_browser(
    shown: Mapping, page: Page, visit: Callable[..., Page], settled: Callable[[Page], None]
) -> None:
    true, predicted, count = mistakes(shown["matrix"])[0]
    page.locator(CELL.format(true, predicted)).click()
    expect_cell(page, true, predicted, count)
    image = page.locator(IMAGES).last
    index = int(image.get_attribute("data-index") or -1)
    image.click()
    expect(page.locator(".st-key-image-detail")).to_contain_text(f"Image {index}")
    settled(page)
    elsewhere = visit(page.url)
    expect(elsewhere.locator(".st-key-image-detail")).to_contain_text(f"Image {index}")
    expect_cell(elsewhere, true, predicted, count)
    opened = page.locator(".st-key-image-detail .mnist-digit").get_attribute("style")
    again = elsewhere.locator(".st-key-image-detail .mnist-digit").get_attribute("style")
    assert opened == again


@on_embedded_digits
def test_an_opened_image_tells_its_top_three_and_where_the_truth_is(
    shown: Mapping, page: Page
) -> None:
    true, predicted, count = mistakes(shown["matrix"])[0]
    page.locator(CELL.format(true, predicted)).click()
    expect_cell(page, true, predicted, count)
    page.locator(IMAGES).first.click()
    detail = page.locator(".st-key-image-detail")
    expect(detail).to_contain_text(f"True {true}, predicted {predicted}")
    expect(detail).to_contain_text(f"Top 3: {predicted} ")
    expect(detail).to_contain_text(re.compile(r"The truth is (in the top 3|not in the top 3)"))


@on_embedded_digits
def test_next_and_back_go_through_the_images_of_the_cell(
    shown: Mapping, page: Page, settled: Callable[[Page], None]
) -> None:
    true, predicted, count = next(cell for cell in mistakes(shown["matrix"]) if cell[2] >= 2)
    page.locator(CELL.format(true, predicted)).click()
    expect_cell(page, true, predicted, count)
    first, second = (page.locator(IMAGES).nth(k).get_attribute("data-index") for k in (0, 1))
    page.locator(IMAGES).first.click()
    detail = page.locator(".st-key-image-detail")
    expect(detail).to_contain_text(f"Image {int(first)}")
    settled(page)
    detail.get_by_role("button", name="Next").click()
    expect(detail).to_contain_text(f"Image {int(second)}")
    settled(page)
    page.go_back()
    expect(detail).to_contain_text(f"Image {int(first)}")
    expect_cell(page, true, predicted, count)


@on_embedded_digits
def test_one_press_of_back_brings_the_page_before(
    page: Page, settled: Callable[[Page], None]
) -> None:
    for title in ("Training", "Overview"):
        page.get_by_role("link", name=title).click()
        expect(page.locator("h1")).to_have_text(title)
        settled(page)
    for title in ("Training", "Confusion"):
        page.go_back()
        expect(page.locator("h1")).to_have_text(title)
        settled(page)


@on_embedded_digits
def test_the_page_menu_keeps_what_is_looked_at(
    shown: Mapping, page: Page, settled: Callable[[Page], None]
) -> None:
    true, predicted, count = mistakes(shown["matrix"])[0]
    page.locator(CELL.format(true, predicted)).click()
    expect_cell(page, true, predicted, count)
    settled(page)
    page.get_by_role("link", name="Overview").click()
    expect(page.locator("h1")).to_have_text("Overview")
    settled(page)
    page.get_by_role("link", name="Confusion").click()
    expect_cell(page, true, predicted, count)


@on_embedded_digits
def test_the_overviews_pairs_lead_to_their_images(
    shown: Mapping, visit: Callable[..., Page]
) -> None:
    page = visit(f"{shown['server'].url}/?run=simple-conv")
    true, predicted, count = mistakes(shown["matrix"])[0]
    page.get_by_role("link", name=f"True {true} → predicted {predicted}: ").click()
    expect(page.locator("h1")).to_have_text("Confusion")
    expect_cell(page, true, predicted, count)


def test_after_all_that_the_server_is_small_and_never_loaded_tensorflow(
    shown: Mapping, page: Page
) -> None:
    process = Path("/proc", str(shown["server"].process.pid))
    loaded = (process / "maps").read_text()
    for package in ("tensorflow", "keras", "shap"):
        assert f"site-packages/{package}/" not in loaded
    resident = re.search(r"VmRSS:\s+(\d+) kB", (process / "status").read_text())
    assert resident
    assert int(resident[1]) < 250_000
    assert "Traceback" not in shown["server"].log.read_text()
