"""What the panel beside the field shows of a column, and what is left of a set by a part of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboard.loading.sets import find_subset, read_set, set_narrowed, set_of_images
from dashboard.loading.spreads import load_spread, query_about
from dashboard.loading.subject import Gathered
from dashboard.visit.view import Subset, View
from mnist_core.queries import COLUMNS, Bars, Histogram, Query


def narrowed(view: View, text: str) -> View:
    asked = read_set(text, view.split, view.class_names)
    if isinstance(asked, Query):
        return replace(view, subset=find_subset(view, asked, Gathered()))
    return replace(view, subset=Subset(text, asked, uses_answers=True))


def of_class(view: View, label: int) -> np.ndarray:
    return np.flatnonzero(view.split.labels == label)


def test_a_histogram_is_of_the_images_that_count_alone(view: View) -> None:
    shown = replace(narrowed(view, "true in (3, 5)"), mislabelled=of_class(view, 3)[:7])
    found = load_spread(shown, COLUMNS["loss"], Gathered())
    assert isinstance(found, Histogram)
    losses = shown.counted.loss
    assert len(losses) == len(of_class(view, 3)) + len(of_class(view, 5)) - 7
    assert found.counts.tolist() == np.histogram(losses, found.edges)[0].tolist()


def test_bars_are_too(view: View) -> None:
    found = load_spread(narrowed(view, "true in (3, 5)"), COLUMNS["true"], Gathered())
    assert isinstance(found, Bars)
    support = [len(of_class(view, label)) for label in range(10)]
    assert list(found.counts) == [n if label in (3, 5) else 0 for label, n in enumerate(support)]


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_what_is_asked_about_a_column_names_it_alone(view: View, column) -> None:
    query = query_about(column, view)
    assert [reference.column for reference in query.references] == [column.name]


def test_a_query_is_narrowed_in_words_and_a_pick_by_its_images(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))
    assert set_narrowed(view, "wrong", Gathered()) == "wrong"
    either = narrowed(view, "wrong or true == 3")
    assert set_narrowed(either, "true in (3, 5)", Gathered()) == (
        "(wrong or true == 3) and true in (3, 5)"
    )
    picked = np.flatnonzero(np.arange(len(view.split)) % 3 == 0)
    left = set_narrowed(narrowed(view, set_of_images(view, picked)), "true == 3", Gathered())
    subset = narrowed(view, left).subset
    assert subset is not None
    assert subset.positions.tolist() == np.intersect1d(picked, of_class(view, 3)).tolist()


def test_of_a_pick_nothing_may_be_left(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))
    threes = narrowed(view, set_of_images(view, of_class(view, 3)))
    nothing = set_narrowed(threes, "true == 4", Gathered())
    subset = narrowed(view, nothing).subset
    assert subset is not None
    assert len(subset.positions) == 0
