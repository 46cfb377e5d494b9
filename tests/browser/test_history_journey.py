"""What an analyst does to see when a run learned which images: film, lists and ribbon."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect
from sklearn.metrics import accuracy_score, confusion_matrix

from mnist_core import runs
from mnist_core.datasets import mnist
from mnist_core.runs import EpochPredictions

FILM = ".st-key-epoch-film-box"
IMAGES = ".st-key-history-lists button[data-index]"


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    return mnist.load().split("validation").labels


@pytest.fixture(scope="module")
def recorded(bundled_models: Path) -> EpochPredictions:
    """What the run was recorded to answer in training."""
    found = runs.read_epoch_predictions(runs.read_run(bundled_models, "simple-conv"), "validation")
    assert found
    return found


@pytest.fixture
def messages() -> list[str | bytes]:
    """Everything that has crossed between the page and its server."""
    return []


@pytest.fixture
def page(
    server: Any,
    profile: BrowserContext,
    settled: Callable[[Page], None],
    messages: list[str | bytes],
) -> Iterator[Page]:
    def listen(socket: WebSocket) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, lambda message: messages.append(message))

    page = profile.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.on("websocket", listen)
    page.goto(f"{server.url}/history?run=simple-conv&epoch=8")
    settled(page)
    yield page
    page.close()


def shown_counts(page: Page) -> np.ndarray:
    """The table on show."""
    texts = page.locator(f"{FILM} td > button").all_inner_texts()
    return np.array([int(text or 0) for text in texts]).reshape(10, 10)


def listed(page: Page) -> list[int]:
    return page.locator(IMAGES).evaluate_all("all => all.map(one => +one.dataset.index)")


def test_the_film_plays_without_the_server_and_opens_what_it_shows(
    page: Page,
    settled: Callable[[Page], None],
    messages: list[str | bytes],
    labels: np.ndarray,
    recorded: EpochPredictions,
) -> None:
    name, slider = page.locator(f"{FILM} output"), page.locator(f"{FILM} input[type=range]")
    expect(name).to_have_text("Epoch 8 of 10")
    assert np.array_equal(shown_counts(page), confusion_matrix(labels, recorded.predicted[7]))
    page.wait_for_timeout(500)
    assert messages
    messages.clear()
    slider.press("Home")
    expect(name).to_have_text("Epoch 1 of 10")
    first = confusion_matrix(labels, recorded.predicted[0])
    assert np.array_equal(shown_counts(page), first)
    right, support = first[3, 3], first[3].sum()
    header = page.locator(f'{FILM} th button[data-true="3"]')
    expect(header).to_have_attribute(
        "aria-label", re.compile(rf"3: {support} images, {support - right} missed")
    )
    play = page.locator(f"{FILM} .play")
    play.click()
    expect(play).to_have_text("Pause")
    expect(name).to_have_text("Epoch 4 of 10")
    play.click()
    expect(play).to_have_text("Play")
    assert messages == []

    epoch = int(name.inner_text().split()[1])
    predicted = recorded.predicted[epoch - 1]
    counts = confusion_matrix(labels, predicted)
    assert np.array_equal(shown_counts(page), counts)
    accuracy = 100 * accuracy_score(labels, predicted)
    expect(page.locator(f"{FILM} .accuracy")).to_have_text(f"{accuracy:.2f} %")
    true, taken_for = divmod(int((counts - np.diag(counts.diagonal())).argmax()), 10)
    page.locator(f'{FILM} button[data-true="{true}"][data-predicted="{taken_for}"]').click()
    images = f"{counts[true, taken_for]} images"
    told = f"True {true} → predicted {taken_for}: {images}, after epoch {epoch}."
    expect(page.get_by_text(told)).to_be_visible()
    settled(page)
    assert (
        sorted(listed(page)) == np.flatnonzero((labels == true) & (predicted == taken_for)).tolist()
    )
    expect(page.get_by_text(f"simple-conv · epoch {epoch} of 10")).to_be_visible()
    expect(page.locator("[class*=st-key-sidebar-epoch] input")).to_have_value(
        re.compile(rf"^{epoch} of 10")
    )
    expect(name).to_have_text(f"Epoch {epoch} of 10")
    page.get_by_role("button", name="All mistakes").click()
    wrong = np.flatnonzero(predicted != labels)
    expect(page.get_by_text(f"{len(wrong)} mistakes, after epoch {epoch}.")).to_be_visible()
    expect(page.locator(IMAGES)).to_have_count(len(wrong))
    assert sorted(listed(page)) == wrong.tolist()


def test_the_film_starts_at_the_chosen_epoch(server: Any, visit: Callable[..., Page]) -> None:
    page = visit(f"{server.url}/history?run=simple-conv&epoch=3")
    expect(page.locator(f"{FILM} output")).to_have_text("Epoch 3 of 10")
    expect(page.locator(f"{FILM} input[type=range]")).to_have_value("2")


def test_images_are_listed_by_how_they_were_learned(
    page: Page, labels: np.ndarray, recorded: EpochPredictions
) -> None:
    is_right = recorded.predicted == labels
    never = np.flatnonzero(~is_right.any(axis=0))
    forgotten = np.flatnonzero(is_right.any(axis=0) & ~is_right[-1])
    expect(page.locator(IMAGES)).to_have_count(len(never))
    assert sorted(listed(page)) == never.tolist()
    page.get_by_role("radio", name=f"Forgotten · {len(forgotten)}").click()
    expect(page.locator(IMAGES)).to_have_count(len(forgotten))
    assert sorted(listed(page)) == forgotten.tolist()
    expect(page.get_by_role("button", name="Size", exact=True)).to_be_visible()
    losses = (is_right[:-1] & ~is_right[1:]).sum(axis=0)
    badges = page.locator(IMAGES).all_inner_texts()
    assert badges == [f"{losses[index]}× lost" for index in listed(page)]
    assert np.all(np.diff(losses[listed(page)]) <= 0)

    index = listed(page)[0]
    page.locator(IMAGES).first.click()
    epochs = page.locator(".st-key-image-depth button[data-epoch]")
    expect(epochs).to_have_count(10)
    assert epochs.all_inner_texts() == [str(one) for one in recorded.predicted[:, index]]
    expect(page.get_by_text("Over the epochs · wrong after the last epoch")).to_be_visible()
    epochs.nth(1).click()
    expect(page.get_by_text("simple-conv · epoch 2 of 10")).to_be_visible()
    expect(epochs.nth(1)).to_have_attribute("aria-pressed", "true")
