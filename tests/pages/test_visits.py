"""A visit is settled before a page sees it; display is kept for each page on its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components.shared import live_runs
from dashboard.loading import run_list
from dashboard.navigation import SITE_MAP, PageEntry
from dashboard.visit.display import Display
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from mnist_core.runs import Run, reading, run_folders

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
WHOLE = {"data": "mnist-5k", "split": "validation", "run": "tiny", "epoch": "3"}


@pytest.fixture(autouse=True)
def models(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    for name in ("tiny", "two"):
        shutil.copytree(tiny_run.folder, folder / name)
    monkeypatch.setenv("MNIST_LENS_MODELS", str(folder))
    st.cache_resource.clear()
    return folder


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    def arrive(page: str, app: AppTest | None = None, **query: str) -> AppTest:
        if app is None:
            app = AppTest.from_file(str(FRAME), default_timeout=120)
        app.query_params.clear()
        for name, value in query.items():
            app.query_params[name] = value
        app = app.switch_page(str(Path("..") / "pages" / f"{page}.py")).run()
        assert not app.exception
        return app

    return arrive


@pytest.mark.parametrize("entry", SITE_MAP, ids=lambda entry: entry.name)
def test_the_models_folder_is_read_once_to_show_a_page(
    visit: Callable[..., AppTest], entry: PageEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit(entry.name, **WHOLE, baseline="two", baseline_epoch="1", fault="suspects")
    listed = run_list.list_runs()
    monkeypatch.setattr(live_runs, "recent_runs", lambda: listed)  # the timer's own look
    reads: list[Path] = []

    def folders(models: Path) -> list[Path]:
        reads.append(models)
        return run_folders(models)

    monkeypatch.setattr(reading, "run_folders", folders)
    assert not app.run().exception
    assert len(reads) == 1


def address(app: AppTest) -> dict[str, str]:
    """What the address is to say."""
    return app.session_state["written-query"]


def said(app: AppTest) -> list[str]:
    return [warning.value.replace("\\", "") for warning in app.warning]


def choose(app: AppTest, label: str, word: str) -> AppTest:
    control = next(one for one in app.segmented_control if one.label == label)
    return control.set_value(word).run()


def test_the_address_holds_what_is_looked_at_whole_and_no_default_of_display(visit) -> None:
    app = visit("confusion", data="mnist-5k", true="9", predicted="4", image="901", cells="counts")
    assert list(address(app).items()) == [
        *WHOLE.items(),
        ("true", "9"),
        ("predicted", "4"),
        ("image", "901"),
    ]
    assert said(app) == []


def test_an_old_long_address_opens_the_same_view_and_is_shortened(visit) -> None:
    old = {
        **WHOLE,
        "cells": "claims",
        "colours": "linear",
        "order": "number",
        "empty": "shown",
        "comparing": "matrices",
        "part": "any",
        "history": "late",
        "labels": "all",
        "fault": "suspects",
        "nearest": "hidden",
        "sheet": "shown",
        "sort": "index",
        "zoom": "2",
        "lines": "train",
        "scale": "linear",
        "along": "minutes",
        "smoothing": "4",
    }
    app = visit("confusion", **old)
    assert said(app) == []
    assert address(app) == {**WHOLE, "sort": "index", "cells": "predicted", "colours": "linear"}
    app = visit("training", **old)
    assert address(app) == {
        **WHOLE,
        "lines": "train",
        "scale": "linear",
        "along": "minutes",
        "smoothing": "4",
    }


def test_keys_of_other_pages_are_ignored_and_unknown_ones_are_named(visit) -> None:
    app = visit("training", **WHOLE, cells="pie", fault="nothing", flavour="red")
    assert said(app) == ["The link's “flavour” means nothing here, so it is ignored."]
    assert address(app) == WHOLE


def test_a_choice_of_display_stays_with_its_page_for_the_session(visit) -> None:
    app = visit("confusion", **WHOLE)
    app = choose(app, "Cells show", "share")
    assert address(app) == {**WHOLE, "cells": "share"}
    app = visit("history", app)
    assert address(app) == WHOLE
    app = choose(app, "Cells show", "mistakes")
    assert address(app) == {**WHOLE, "cells": "mistakes"}
    app = visit("confusion", app)
    assert address(app) == {**WHOLE, "cells": "share"}
    links = [link.proto.query_string for link in app.get("page_link")]
    assert not any("cells=mistakes" in query for query in links)


def test_a_visit_is_settled_whole_and_of_things_that_exist() -> None:
    visit, notes = settle(Selection(data="mnist-5k", baseline="two"), Display())
    assert notes == ()
    assert visit.shown is not None
    assert visit.baseline is not None
    assert (visit.outline.name, visit.split.name) == ("mnist-5k", "validation")
    assert (visit.shown.run.name, visit.shown.epoch) == ("tiny", visit.shown.run.best_epoch)
    assert str(visit.baseline) == f"two · epoch {visit.baseline.run.best_epoch}"
    assert visit.selection == Selection(
        data="mnist-5k",
        split="validation",
        run="tiny",
        epoch=visit.shown.epoch,
        baseline="two",
        baseline_epoch=visit.baseline.epoch,
    )


def test_what_cannot_be_compared_with_is_named_with_the_reason(models: Path) -> None:
    (models / "two" / "run.json").write_text("{")
    visit, (note,) = settle(Selection(data="mnist-5k", baseline="two"), Display())
    assert visit.baseline is None
    assert note.startswith("The run “two” cannot be compared with: ")
    visit, (note,) = settle(Selection(data="mnist-5k", baseline="gone"), Display())
    assert visit.baseline is None
    assert note == "The run “gone” cannot be compared with: there is no such run."


def test_without_a_run_a_visit_has_the_data_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "none"))
    visit, _ = settle(Selection(data="mnist-5k", run="tiny", epoch=2), Display())
    assert visit.shown is None
    assert (visit.selection.run, visit.selection.epoch) == (None, None)
    assert visit.split.name == "validation"


def test_a_baseline_that_is_damaged_while_it_is_on_show_is_let_go_with_a_sentence(
    visit, models: Path
) -> None:
    app = visit("confusion", **WHOLE, baseline="two")
    assert address(app)["baseline"] == "two"
    (models / "two" / "run.json").write_text("{")
    app = choose(app, "Cells show", "share")
    assert not app.exception
    assert not app.error
    assert "baseline" not in address(app)
    (note,) = said(app)
    assert note.startswith("The run “two” cannot be compared with: ")


def test_a_click_on_what_the_page_before_left_on_screen_is_no_error(visit) -> None:
    app = visit("confusion", **WHOLE)
    app.session_state["page"] = "network"  # as the next page sets it before it is drawn
    app = choose(app, "Cells show", "share")
    assert not app.exception
