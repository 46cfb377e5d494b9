"""The nearest digits are shown with ways to them, and no model is opened where pages are served."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.loading.images import load_split
from dashboard.loading.long_work import neighbours_job
from dashboard.visit.display import Display
from dashboard.visit.load_view import load_view
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from dashboard.visit.view import View
from dashboard.work import jobs, worker
from mnist_core.runs import Run


@pytest.fixture(autouse=True)
def workplace(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(worker, "call", lambda function, *arguments: function(*arguments))
    st.cache_resource.clear()


def view_of(data: str = "mnist-5k", split: str = "validation") -> View:
    visit, _ = settle(Selection(data=data, split=split, run="tiny", epoch=1), Display())
    assert visit.shown is not None
    return load_view(visit, visit.shown)


def find(view: View, index: int) -> tuple:
    key, _, work = neighbours_job(view, index)
    job = jobs.ask(key, work)
    assert job.is_ended(wait=60)
    return job.result()


def page(data: str, split: str, index: int) -> None:
    # AppTest runs this text alone, as a script of its own.
    from dashboard.components.confusion.nearest_digits import nearest_digits
    from dashboard.visit.display import Display
    from dashboard.visit.load_view import load_view
    from dashboard.visit.repair import settle
    from dashboard.visit.selection import Selection

    chosen = Selection(data=data, split=split, run="tiny", epoch=1, image=index, true=1)
    visit, _ = settle(chosen, Display())
    assert visit.shown is not None
    nearest_digits(load_view(visit, visit.shown), index)


def shown(data: str, split: str, index: int) -> tuple[list[str], list[list[dict[str, list[str]]]]]:
    """Captions, and of each row the queries of its links."""
    find(view_of(data, split), index)  # so that it is there at once
    app = AppTest.from_function(page, args=(data, split, index), default_timeout=60)
    app.run()
    assert not app.exception
    rows = [element.proto.body for element in app.get("html")]
    links = [re.findall(r'href="confusion\?([^"]*)"', row) for row in rows]
    queries = [[parse_qs(link.replace("&amp;", "&")) for link in row] for row in links]
    return [caption.value for caption in app.caption], queries


def test_a_mistake_has_a_row_of_the_true_and_one_of_the_predicted_class() -> None:
    view = view_of()
    index = int(np.flatnonzero(view.answers.y_true != view.answers.y_pred)[0])
    true, predicted = view.answers.cell_of(index)
    captions, rows = shown("mnist-5k", "validation", index)
    assert captions[0].startswith(
        f"**Nearest {true}s** (true) in train, by the input of the last layer"
    )
    assert captions[1].startswith(f"**Nearest {predicted}s** (predicted) in train, by the input of")
    labels = load_split("mnist-5k", "train").labels
    for label, row, found in zip((true, predicted), rows, find(view, index), strict=True):
        positions = [int(query["image"][0]) for query in row]
        assert positions == found.positions.tolist()
        assert len(positions) == 8
        assert set(labels[positions]) == {label}
        assert all(query["split"] == ["train"] and "true" not in query for query in row)


def test_an_image_predicted_right_has_one_row() -> None:
    view = view_of()
    index = int(np.flatnonzero(view.answers.y_true == view.answers.y_pred)[0])
    captions, rows = shown("mnist-5k", "validation", index)
    assert len(captions) == len(rows) == 1
    assert "(true and predicted)" in captions[0]


@pytest.mark.parametrize(
    ("data", "split", "where"),
    [
        ("mnist", "validation", "in validation (this source has no train split)"),
        ("mnist-5k", "train", "in train"),
    ],
)
def test_an_image_of_the_split_that_is_searched_is_not_among_its_neighbours(
    data: str, split: str, where: str
) -> None:
    captions, rows = shown(data, split, 7)
    assert where in captions[0]
    assert all(query["split"] == [split] and query["image"] != ["7"] for query in rows[0])


def test_everything_that_opens_a_model_is_sent_to_a_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, asked = view_of(), []

    def pixels(function: Callable, model_file: Path, images: np.ndarray) -> np.ndarray:
        asked.append((function.__module__, function.__name__, len(images)))
        return images.reshape(len(images), -1).astype(np.float32)[:, ::7]

    monkeypatch.setattr(worker, "call", pixels)
    monkeypatch.setattr("mnist_core.inference.prediction.cached_model", None)
    monkeypatch.setattr("mnist_core.inference.neighbours.cached_model", None)
    steps: list[tuple[int, int]] = []
    index = int(np.flatnonzero(view.answers.y_true == view.answers.y_pred)[0])
    _, _, work = neighbours_job(view, index)
    work(lambda done, total: steps.append((done, total)))
    embedding = ("mnist_core.inference.neighbours", "embed_first")
    assert asked == [(*embedding, 1), (*embedding, 400)]
    assert steps == [(0, 400), (1, 400)]
