"""What an analyst does to see what changed from one epoch to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sklearn.metrics import confusion_matrix

from mnist_core import runs
from mnist_core.datasets import mnist

BEFORE, AFTER = 1, 8
IMAGES = ".st-key-changed-images button[data-index]"


@pytest.fixture(scope="module")
def answers(bundled_models: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels of the embedded digits, and what two epochs were recorded to answer in training."""
    labels = mnist.load().split("validation").labels
    recorded = runs.read_epoch_predictions(
        runs.read_run(bundled_models, "simple-conv"), "validation"
    )
    assert recorded
    rows = [recorded.epochs.index(epoch) for epoch in (BEFORE, AFTER)]
    before, after = recorded.predicted[rows]
    return labels, before, after


def expect_images(page: Page, heading: str, positions: np.ndarray) -> None:
    expect(page.locator(".st-key-changed-images h3")).to_have_text(heading)
    expect(page.locator(IMAGES)).to_have_count(len(positions))
    indices = page.locator(IMAGES).evaluate_all("all => all.map(one => +one.dataset.index)")
    assert sorted(indices) == positions.tolist()


def largest(matrix: np.ndarray) -> tuple[int, int]:
    """The largest cell off the diagonal."""
    true, predicted = divmod(int((matrix - np.diag(matrix.diagonal())).argmax()), len(matrix))
    return true, predicted


def test_what_changed_from_one_epoch_to_another_is_found_and_found_again(
    server: Any, visit: Callable[..., Page], settled: Callable[[Page], None], answers: tuple
) -> None:
    labels, before, after = answers
    repaired, broken = (
        (before != labels) & (after == labels),
        (before == labels) & (after != labels),
    )
    epochs = f"epoch={AFTER}&baseline=simple-conv&baseline_epoch={BEFORE}"
    page = visit(f"{server.url}/comparison?run=simple-conv&{epochs}")
    told = f"{repaired.sum()} images repaired, {broken.sum()} broken"
    expect(page.locator(".st-key-difference")).to_contain_text(told)
    wrong = np.flatnonzero((before != labels) | (after != labels))
    expect_images(page, f"{len(wrong)} images, changed or still wrong", wrong)

    true, predicted = largest(
        confusion_matrix(labels[repaired], before[repaired], labels=range(10))
    )
    here = np.flatnonzero(repaired & (labels == true) & (before == predicted))
    cell = f'.st-key-changes button[data-true="{true}"][data-predicted="{predicted}"]'
    part = page.locator(f'{cell}[data-kind="repaired"]')
    expect(part).to_have_text(f"✓{len(here)}")
    part.click()
    expect_images(page, f"True {true} → predicted {predicted}: {len(here)} images, repaired", here)
    expect(part).to_have_attribute("aria-pressed", "true")
    expect(page.locator(IMAGES).first).to_have_text(f"{predicted}, then {true}")

    page.locator(IMAGES).first.click()
    index = int(page.locator(IMAGES).first.get_attribute("data-index") or -1)
    detail = page.locator(".st-key-image-detail")
    expect(detail).to_contain_text(f"#{index}: {true}, predicted right")
    expect(detail).to_contain_text(
        re.compile(
            rf"Before \(simple-conv · epoch 1\): predicted {predicted}, [\d.]+ % sure, wrong"
        )
    )
    first_answer = detail.locator(f'button[data-epoch="{BEFORE}"]')
    expect(first_answer).to_have_text(str(predicted))
    settled(page)
    elsewhere = visit(page.url)
    expect_images(
        elsewhere, f"True {true} → predicted {predicted}: {len(here)} images, repaired", here
    )
    expect(elsewhere.locator(".st-key-image-detail")).to_contain_text(f"#{index}: ")
    elsewhere.close()

    still = (before != labels) & (after != labels)
    for word, among in (("Repaired", repaired), ("Broken", broken), ("Still wrong", still)):
        of_part = np.flatnonzero(among)
        button = page.get_by_role("button", name=f"{word} {len(of_part):,}", exact=True)
        button.click()
        expect_images(page, f"{len(of_part)} images, {word.lower()}", of_part)
        expect(button).to_have_attribute("data-testid", "stBaseButton-primary")
    badges = page.locator(IMAGES).all_inner_texts()
    assert not any("→" in badge for badge in badges)
    indices = page.locator(IMAGES).evaluate_all("all => all.map(one => +one.dataset.index)")
    assert badges == [
        f"still {after[k]}" if before[k] == after[k] else f"{before[k]}, then {after[k]}"
        for k in indices
    ]
    page.get_by_role("button", name="All changed or still wrong").click()
    expect_images(page, f"{len(wrong)} images, changed or still wrong", wrong)

    page.get_by_role("radio", name="Prediction against prediction").click()
    matrix = confusion_matrix(before, after, labels=range(10))
    first, then = largest(matrix)
    pair = page.locator(f'.st-key-changes button[data-before="{first}"][data-after="{then}"]')
    expect(pair).to_have_text(str(matrix[first, then]))
    pair.click()
    moved = np.flatnonzero((before == first) & (after == then))
    expect_images(page, f"{len(moved)} images predicted as {first} before and {then} after", moved)
    page.get_by_role("button", name="All predicted differently").click()
    moved = np.flatnonzero(before != after)
    expect_images(page, f"{len(moved)} images predicted differently", moved)
    page.locator(f'.st-key-changes th button[data-before="{first}"]').click()
    left = np.flatnonzero((before == first) & (after != first))
    told = f"{len(left)} images predicted as {first} before, as another class after"
    expect_images(page, told, left)

    page.get_by_role("radio", name="Side by side").click()
    for side, predictions in (("before", before), ("after", after)):
        counts = confusion_matrix(labels, predictions, labels=range(10))
        table = page.locator(f".st-key-matrix-{side}")
        expect(table.locator("td > button").first).to_have_text(str(counts[0, 0]))
        page.locator(f'.st-key-matrix-{side} th button[data-true="{true}"]').click()
        missed = np.flatnonzero((labels == true) & (predictions != true))
        expect_images(page, f"{side.capitalize()} · Class {true}: {len(missed)} missed", missed)
