"""Every page works with as many classes as the data has: two, three, 26 and 62."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest

from dashboard.drawing.grids.confusion import MOST_AT_ONCE, OTHER, MatrixDisplay, confusion_grid
from dashboard.navigation import SITE_MAP
from dashboard.report import html_report
from dashboard.visit.display import Display
from dashboard.visit.load_view import load_view
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from dashboard.visit.view import View
from mnist_core import training
from mnist_core.datasets import DATASETS, Dataset, Split
from mnist_core.recipes import RECIPES

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
COUNTS = (2, 3, 26, 62)


def spots(n_classes: int) -> Dataset:
    """A bright spot in another place for each class, and noise that hides it now and then."""
    random = np.random.default_rng(n_classes)
    names = tuple(f"kind {label}/{chr(65 + label % 26)}" for label in range(n_classes))
    splits = {}
    for name in ("train", "validation"):
        labels = np.arange(8 * n_classes) % n_classes
        images = random.integers(0, 90, (len(labels), 28, 28)).astype(np.uint8)
        row, column = 2 + labels // 12 * 4, 2 + labels % 12 * 2
        is_hidden = random.random(len(labels)) < 0.2
        images[np.arange(len(labels)), row, column] = np.where(is_hidden, 0, 255)
        splits[name] = Split(name, images, labels.astype(np.uint8), names)
    return Dataset("spots", "Spots", splits, source="this test", shows_strokes=False)


@pytest.fixture(scope="module", params=COUNTS)
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return spots(request.param)


@pytest.fixture(scope="module")
def models(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("spots") / "models"
    training.train(RECIPES["simple-conv"], dataset, models=models, name="one", max_epochs=2)
    return models


@pytest.fixture(scope="module", autouse=True)
def workplace(dataset: Dataset, models: Path) -> Iterator[None]:
    """What is predicted and explained once is there for all tests with as many classes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DATASETS, "spots", lambda: dataset)
        patch.setenv("MNIST_LENS_MODELS", str(models))
        patch.setenv("MNIST_LENS_CACHE", str(models.parent / "cache"))
        patch.setenv("MNIST_LENS_HOME", str(models.parent / "home"))
        st.cache_resource.clear()
        yield
    st.cache_resource.clear()


@pytest.fixture
def view(dataset: Dataset) -> View:
    visit, notes = settle(Selection(data="spots", split="validation", run="one"), Display())
    assert notes == ()
    assert visit.shown is not None
    return load_view(visit, visit.shown)


def test_the_matrix_is_that_of_scikit_learn(view: View, dataset: Dataset) -> None:
    labels = range(len(dataset.class_names))
    expected = confusion_matrix(view.answers.y_true, view.answers.y_pred, labels=labels)
    assert np.array_equal(view.answers.confusion_matrix, expected)
    grid = confusion_grid(view.answers, class_names=view.class_names, display=MatrixDisplay())
    for lines in (grid.rows, grid.columns):
        assert tuple(line.name for line in lines) == dataset.class_names
    texts = [[cell[0].text.replace(",", "") or "0" for cell in row] for row in grid.cells]
    assert np.array_equal(np.array(texts, int), expected)


@pytest.mark.parametrize("entry", SITE_MAP, ids=lambda entry: entry.name)
def test_every_page_shows_it(entry, dataset: Dataset) -> None:
    last = str(len(dataset.class_names) - 1)
    app = AppTest.from_file(str(FRAME), default_timeout=120)
    for name, value in {
        "data": "spots",
        "split": "validation",
        "run": "one",
        "epoch": "2",
        "baseline": "one",
        "baseline_epoch": "1",
        "true": last,
        "image": last,
        "history": "late",
        "cells": "pictures",
        "order": "confusion",
    }.items():
        app.query_params[name] = value
    app = app.switch_page(str(entry.path)).run()
    assert not app.exception
    assert not app.error
    assert not app.warning


def test_the_report_is_written(view: View, dataset: Dataset) -> None:
    report = html_report(
        view, display=MatrixDisplay(), link="http://localhost", now=datetime(2026, 5, 3, tzinfo=UTC)
    )
    assert all(name in report for name in dataset.class_names)


def test_a_run_with_fewer_classes_is_not_offered(
    dataset: Dataset, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = spots(min(62, 2 * len(dataset.class_names)))
    monkeypatch.setitem(DATASETS, "more", lambda: letters)
    visit, notes = settle(Selection(data="more", run="one"), Display())
    if letters.class_names == dataset.class_names:  # there are no more than these
        assert visit.shown is not None
        return
    assert visit.shown is None
    assert visit.usable_runs == ()
    (note,) = notes
    n, more = len(dataset.class_names), len(letters.class_names)
    assert note == (
        f"The run one cannot be shown: It tells {n} classes apart, and validation has {more}."
    )


def test_a_run_with_more_classes_is(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    few = spots(2)
    monkeypatch.setitem(DATASETS, "few", lambda: few)
    visit, notes = settle(Selection(data="few", split="validation", run="one"), Display())
    assert notes == ()
    assert visit.shown is not None
    assert load_view(visit, visit.shown).answers.n_classes == len(dataset.class_names)


def test_the_rarest_of_many_classes_are_grouped_on_demand(view: View, dataset: Dataset) -> None:
    n, answers = len(dataset.class_names), view.answers
    grouped = confusion_grid(
        answers, class_names=view.class_names, display=MatrixDisplay(rare="grouped")
    )
    plain = confusion_grid(answers, class_names=view.class_names, display=MatrixDisplay())
    assert grouped.corner == plain.corner  # the accuracy is that of the classes
    if n <= MOST_AT_ONCE:
        assert grouped.as_data() == plain.as_data()
        return
    ids = [line.id for line in grouped.rows]
    assert ids == [line.id for line in grouped.columns]
    assert len(ids) == MOST_AT_ONCE
    assert ids[-1] == OTHER
    kept = ids[:-1]
    counts = np.array([[int(cell[0].text or 0) for cell in row] for row in grouped.cells])
    matrix = confusion_matrix(answers.y_true, answers.y_pred, labels=range(n))
    assert np.array_equal(counts[:-1, :-1], matrix[np.ix_(kept, kept)])
    rest = [label for label in range(n) if label not in kept]
    assert counts[-1, -1] == matrix[np.ix_(rest, rest)].sum()
    assert counts.sum() == len(answers)
    assert max(answers.support[rest]) <= min(answers.support[kept])
    assert [edge.texts[-1] for edge in (*grouped.right, *grouped.bottom)] == [""] * 4
    assert {cell[0].kind for cell in grouped.cells[-1]} == {""}
    mistakes = confusion_grid(
        answers,
        class_names=view.class_names,
        display=MatrixDisplay(cells="mistakes", rare="grouped"),
    )
    shown = [int(cell[0].text or 0) for row in mistakes.cells for cell in row]
    assert sum(shown) == int(np.sum(answers.y_true != answers.y_pred))
