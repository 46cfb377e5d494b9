"""What an analyst does to name causes: by keys, in two windows, and what it changes elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sklearn.metrics import accuracy_score

from mnist_core import runs, settings
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Split, mnist
from mnist_core.inference import prediction
from mnist_core.suspects import objection
from mnist_core.triage import LABEL_WRONG, Triage, triage_of

DESK = ".st-key-triage-desk"


@pytest.fixture(scope="module")
def split() -> Split:
    return mnist.load().split("validation")


@pytest.fixture(scope="module")
def evaluation(bundled_models: Path, split: Split) -> Answers:
    run = runs.read_run(bundled_models, "simple-conv")
    y_prob = prediction.predict(run.checkpoint(run.best_epoch).path, split.images)
    return evaluate(split.labels, y_prob)


@pytest.fixture
def triage() -> Iterator[Triage]:
    """The file that the server writes to; it is gone again for the other tests."""
    found = triage_of("mnist", settings.home_folder())
    assert not found.path.exists()
    yield found
    for file in found.path.parent.glob(f"{found.path.name}*"):
        file.unlink()


def desk_of(page: Page) -> Any:
    return page.locator(DESK)


def expect_opened(page: Page, index: int, n_done: int | str) -> None:
    expect(desk_of(page).get_by_text(f"#{index}: ")).to_be_visible()
    expect(desk_of(page).get_by_text(re.compile(rf"^{n_done} of "))).to_be_visible()


def causes_in(triage: Triage, split: Split) -> Mapping[int, str | None]:
    return {image: entry.cause for image, entry in triage.causes(split.fingerprint).items()}


def test_mistakes_get_their_causes_by_key_in_two_windows_and_labels_can_be_left_out(
    server: Any,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
    triage: Triage,
    split: Split,
    evaluation: Answers,
) -> None:
    mistakes = evaluation.find(None, None).tolist()
    address = f"{server.url}/causes?run=simple-conv"
    one, other = visit(address), visit(f"{address}&image={mistakes[5]}")
    expect_opened(one, mistakes[0], 0)
    for key, place, n_done in (("1", 1, 1), ("2", 2, 2), ("u", 1, 1), ("n", 2, 1), ("p", 1, 1)):
        one.keyboard.press(key)
        expect_opened(one, mistakes[place], n_done)
    assert causes_in(triage, split) == {mistakes[0]: LABEL_WRONG}

    # The other window writes while this one is typed in; digits and letters typed are no keys.
    field = one.get_by_label("In your own words")
    field.press_sequentially("12 nup")
    other.keyboard.press("1")
    expect_opened(other, mistakes[6], 2)
    field.press("Enter")
    expect_opened(one, mistakes[2], 3)
    expect(field).to_have_value("")
    expected = {mistakes[0]: LABEL_WRONG, mistakes[1]: "12 nup", mistakes[5]: LABEL_WRONG}
    assert causes_in(triage, split) == dict(sorted(expected.items()))

    one.reload()
    settled(one)
    expect_opened(one, mistakes[2], 3)
    expect(desk_of(one).get_by_role("button", name="Undo")).to_be_disabled()

    one.set_viewport_size({"width": 1280, "height": 1200})  # a list closes when it is scrolled
    one.goto(f"{server.url}/confusion?run=simple-conv")
    settled(one)
    accuracy = one.locator(".accuracy")
    before = accuracy_score(split.labels, evaluation.y_pred)
    expect(accuracy).to_have_text(f"{100 * before:.2f} %")
    one.get_by_role("combobox", name="Labels").click()
    one.get_by_role("option", name="Without 2 marked as mislabelled").click()
    expect(one.get_by_text("5,000 images without 2 marked as mislabelled")).to_be_visible()
    kept = np.delete(np.arange(len(split)), [mistakes[0], mistakes[5]])
    after = accuracy_score(split.labels[kept], evaluation.y_pred[kept])
    expect(accuracy).to_have_text(f"{100 * after:.2f} %")
    heading = one.locator(".st-key-cell-images h3")
    expect(heading).to_have_text(f"{len(mistakes) - 2} mistakes")


def test_another_label_than_the_suggested_one_is_a_choice_and_the_keys_go_on(
    server: Any,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
    triage: Triage,
    split: Split,
    evaluation: Answers,
) -> None:
    mistakes = evaluation.find(None, None).tolist()
    given, suggested = evaluation.cell_of(mistakes[0])
    better = next(label for label in range(10) if label not in (given, suggested))
    page = visit(f"{server.url}/causes?run=simple-conv")
    expect_opened(page, mistakes[0], 0)
    desk_of(page).get_by_role("combobox", name="The label is wrong, but").click()
    page.get_by_role("option", name=f"it is {better}").click()
    expect_opened(page, mistakes[1], 1)
    settled(page)
    page.keyboard.press("2")
    expect_opened(page, mistakes[2], 2)
    found = triage.causes(split.fingerprint)
    assert {image: (entry.cause, entry.label) for image, entry in found.items()} == {
        mistakes[0]: (LABEL_WRONG, better),
        mistakes[1]: ("ambiguous", None),
    }


def test_a_suspect_is_opened_and_marked_as_wrongly_labelled(
    server: Any, visit: Callable[..., Page], triage: Triage, split: Split, bundled_models: Path
) -> None:
    asked = [run for run in runs.list_runs(bundled_models) if objection(run, split) is None]
    page = visit(f"{server.url}/causes?run=simple-conv&fault=suspects")
    pictures = page.locator(".st-key-suspects button[data-index]")
    expect(pictures.first).to_be_visible(timeout=120_000)
    page.get_by_text("Which models were asked").click()
    for run in asked[:10]:
        expect(page.get_by_text(f"{run.name} epoch {run.best_epoch}")).to_be_visible()
    index = int(pictures.nth(2).get_attribute("data-index") or "")
    given, suggested = pictures.nth(2).locator("b").inner_text().rstrip("?").split(", ")
    assert int(given) == split.labels[index]
    pictures.nth(2).click()
    expect(desk_of(page).get_by_text(f"#{index}: ")).to_be_visible()
    desk_of(page).get_by_role("button", name=LABEL_WRONG.capitalize()).click()
    expect(desk_of(page).get_by_text("1 of ")).to_be_visible()
    (entry,) = triage.causes(split.fingerprint).values()
    assert (entry.image, entry.cause, entry.label) == (index, LABEL_WRONG, int(suggested))
