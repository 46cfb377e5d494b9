"""Every page works on data of one's own, with as many classes as it has.

Two classes come from an .npz file, three from colour pictures in folders, 26 and 62 from files such
as EMNIST's.
"""

from __future__ import annotations

import gzip
import string
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest

from dashboard.drawing.grids.confusion import MOST_AT_ONCE, OTHER, MatrixDisplay, confusion_grid
from dashboard.navigation import SITE_MAP, PageEntry
from dashboard.report import html_report
from dashboard.visit.display import Display
from dashboard.visit.load_view import load_view
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from dashboard.visit.view import View
from mnist_core import training
from mnist_core.adding import add
from mnist_core.datasets import DATASETS, Dataset, Split, load_dataset
from mnist_core.recipes import RECIPES

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
COUNTS = (2, 3, 26, 62)


def spots(n_classes: int) -> Dataset:
    """A bright spot in another place for each class, and noise that hides it now and then."""
    random = np.random.default_rng(n_classes)
    names = tuple(f"kind {label} {chr(65 + label % 26)}" for label in range(n_classes))
    labels = np.arange(24 * n_classes) % n_classes
    images = random.integers(0, 90, (len(labels), 28, 28)).astype(np.uint8)
    row, column = 2 + labels // 12 * 4, 2 + labels % 12 * 2
    is_hidden = random.random(len(labels)) < 0.2
    images[np.arange(len(labels)), row, column] = np.where(is_hidden, 0, 255)
    split = Split("validation", images, labels.astype(np.uint8), names)
    return Dataset("spots", "Spots", {"validation": split}, source="this test")


def as_files(split: Split, folder: Path) -> Path:
    """The same as somebody would have it lying about."""
    if split.n_classes == 2:
        np.savez(folder / "two.npz", x_train=split.images, y_train=split.labels)
        return folder / "two.npz"
    if split.n_classes == 3:
        for number, (image, label) in enumerate(zip(split.images, split.labels, strict=True)):
            colours = np.stack([image, image // 2, 255 - image], axis=2).repeat(2, 0).repeat(3, 1)
            path = folder / split.class_names[label] / f"{number}.png"
            path.parent.mkdir(exist_ok=True)
            Image.fromarray(colours).save(path)
        return folder
    # EMNIST's letters are counted from 1, its other classes from 0; its images are transposed.
    kind, first = ("letters", 1) if split.n_classes == 26 else ("byclass", 0)
    begin = f"emnist-{kind}"
    names = string.ascii_uppercase if first else string.digits + string.ascii_letters.swapcase()
    for what, array in (
        ("images-idx3", split.images.transpose(0, 2, 1)),
        ("labels-idx1", split.labels + first),
    ):
        header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
        content = gzip.compress(header + array.astype(np.uint8).tobytes())
        (folder / f"{begin}-train-{what}-ubyte.gz").write_bytes(content)
    lines = [f"{label + first} {ord(name)}" for label, name in enumerate(names)]
    (folder / f"{begin}-mapping.txt").write_text("\n".join(lines))
    return folder / begin


@pytest.fixture(scope="module", params=COUNTS)
def dataset(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dataset]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_LENS_HOME", str(tmp_path_factory.mktemp("home")))
        split = spots(request.param).splits["validation"]
        add("spots", as_files(split, tmp_path_factory.mktemp("files")))
        yield load_dataset("spots")


@pytest.fixture(scope="module")
def models(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("spots") / "models"
    training.train(RECIPES["simple-conv"], dataset, models=models, name="one", max_epochs=2)
    return models


@pytest.fixture(scope="module", autouse=True)
def workplace(dataset: Dataset, models: Path) -> Iterator[None]:
    """What is predicted and explained once is there for all tests with as many classes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_LENS_MODELS", str(models))
        patch.setenv("MNIST_LENS_CACHE", str(models.parent / "cache"))
        patch.setattr("dashboard.components.shared.long_work.FIRST_WAIT", 60)
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


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    def run(entry: PageEntry, **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        app = app.switch_page(str(entry.path)).run()
        assert not app.exception
        assert not app.error
        return app

    return run


@pytest.mark.parametrize("entry", SITE_MAP, ids=lambda entry: entry.name)
def test_every_page_shows_it(entry: PageEntry, dataset: Dataset, visit) -> None:
    last = str(len(dataset.class_names) - 1)
    query = {
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
    }
    assert not visit(entry, **query).warning


@pytest.mark.parametrize("below", ["values", "twins", "drift", "own"])
def test_all_of_the_data_sets_own_page_shows_it(below: str, dataset: Dataset, visit) -> None:
    (entry,) = (entry for entry in SITE_MAP if entry.name == "dataset")
    assert not visit(entry, data="spots", below=below).warning


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
    if len(letters.class_names) == len(dataset.class_names):  # there are no more than these
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
