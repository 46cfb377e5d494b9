"""The page of sets: what each row says, and how a set is named, renamed, deleted, kept again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import fisher_exact
from streamlit.testing.v1 import AppTest

from dashboard.work import worker
from mnist_core.datasets import Dataset
from mnist_core.runs import Run, read_epoch_predictions
from mnist_core.sets import ImageSet, PickedImages, find_set, keep_sets, kept_sets

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
DATA = "mnist-5k"


@pytest.fixture(scope="module", autouse=True)
def workers() -> Iterator[None]:
    yield
    worker.stop()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def visit(tiny_run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))

    def arrive(**query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        app.run()
        for name, value in {"data": DATA, "run": "tiny", "epoch": "3", **query}.items():
            app.query_params[name] = value
        return settled(app.switch_page(str(Path("..") / "pages" / "sets.py")).run())

    return arrive


def settled(app: AppTest) -> AppTest:
    while any(one.label == "Stop" for one in app.button):
        app.run()
    assert not app.exception
    return app


def table(app: AppTest) -> dict[str, dict]:
    """The rows by name, each with its cells' texts and note, and whether it is chosen."""
    (data,) = [
        json.loads(one.proto.json)
        for one in app.get("bidi_component")
        if one.proto.id.endswith("named-sets")
    ]
    return {
        row["name"]: {
            "cells": [cell["text"] for cell in row["cells"]],
            "values": [cell["value"] for cell in row["cells"]],
            "note": row["note"],
            "chosen": row["name"] in data["chosen"],
            "can": row["canBeChosen"],
        }
        for row in data["rows"]
    }


def test_a_row_says_how_run_and_baseline_do_on_a_set_and_on_all_else(
    visit, home: Path, tiny_run: Run, mnist_5k: Dataset
) -> None:
    split = mnist_5k.split("validation")
    picked = PickedImages("validation", split.fingerprint, np.arange(0, 300, 3))
    elsewhere = PickedImages("validation", "ab" * 32, np.arange(5))
    sets = {
        "threes": "true == 3",
        "errors": 'wrong["tiny@3"]',
        "those of the other": 'wrong["tiny-2@1"]',
        "nothing": "true == 3 and true == 5",
        "everything": "true >= 0",
        "picked": picked,
        "elsewhere": elsewhere,
    }
    keep_sets([ImageSet(name, DATA, images) for name, images in sets.items()], home)
    (home / "sets" / DATA / "torn.json").write_bytes(b"{")
    app = visit(set="true == 3", baseline="tiny", baseline_epoch="1")
    (warning,) = [one.value for one in app.warning]
    assert "torn\\.json" in warning

    rows = table(app)
    assert rows["threes"]["chosen"]
    recorded = read_epoch_predictions(tiny_run, "validation")
    assert recorded is not None
    inside = split.labels == 3
    for epoch, at in ((3, 4), (1, 7)):
        is_right = recorded.after(epoch, split.labels, tiny_run).y_pred == split.labels
        p_value = fisher_exact(
            [
                [int((is_right & who).sum()), int((~is_right & who).sum())]
                for who in (inside, ~inside)
            ]
        ).pvalue
        assert rows["threes"]["values"][at] == pytest.approx(min(1, p_value), rel=1e-9)
        right = rows["threes"]["values"][1 if epoch == 3 else 5]
        assert right == pytest.approx(is_right[inside].mean())
    assert rows["threes"]["cells"][0] == "100 (10.0 %)"
    for name, note in (("errors", "chosen by the run's answers"), ("picked", "picked one by one")):
        assert rows[name]["note"] == note
        assert rows[name]["cells"][4] == "no test"
        assert "(" not in rows[name]["cells"][1]
    assert rows["errors"]["cells"][1] == "0.0 %"
    assert [rows[name]["can"] for name in ("nothing", "everything", "elsewhere")] == [
        False,
        True,
        False,
    ]
    for name in ("those of the other", "elsewhere"):
        assert rows[name]["note"] == "cannot be found here"
        assert set(rows[name]["cells"]) == {"–"}
    assert any("elsewhere" in one.value and "another one" in one.value for one in app.caption)


def test_the_set_on_show_is_named_renamed_deleted_and_kept_again(visit, home: Path) -> None:
    app = visit(set="wrong and true == 3")
    app.text_input(key="set-name").input("threes  gone wrong")
    settled(app.button(key="set-keep").click().run())
    kept = find_set("threes gone wrong", DATA, home)
    assert kept.images == 'wrong["tiny@3"] and true == 3'
    assert app.session_state["written-query"]["set"] == kept.images
    assert table(app)["threes gone wrong"]["chosen"]
    app.text_input(key="set-renamed-0").input("a/b")
    settled(app.button(key="set-rename-0").click().run())
    assert "Expected a set's name" in app.error[0].value
    app.text_input(key="set-renamed-0").input("odd threes")
    settled(app.button(key="set-rename-0").click().run())
    assert list(table(app)) == ["odd threes"]
    settled(app.button(key="set-delete-0").click().run())
    assert not kept_sets(DATA, home).sets
    assert "odd threes" in app.button(key="set-undo").label
    settled(app.button(key="set-undo").click().run())
    assert list(table(app)) == ["odd threes"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [("true == 3 and true == 5", "None of the 1,000"), ("nearly == 3", "")],
)
def test_the_table_stays_where_the_set_asked_for_has_no_images(
    asked: str, said: str, visit, home: Path
) -> None:
    keep_sets([ImageSet("threes", DATA, "true == 3")], home)
    app = visit(set=asked)
    assert [one.value[: len(said)] for one in app.info] == ([said] if said else [])
    assert table(app)["threes"]["cells"][0] == "100 (10.0 %)"
    assert not table(app)["threes"]["chosen"]


def test_a_name_that_is_taken_is_refused_and_the_set_of_that_name_stays(visit, home: Path) -> None:
    keep_sets([ImageSet("threes", DATA, "true == 3")], home)
    app = visit(set="true == 5")
    app.text_input(key="set-name").input("Threes")
    settled(app.button(key="set-keep").click().run())
    assert "Choose another name" in app.error[0].value
    assert find_set("threes", DATA, home).images == "true == 3"


def test_without_any_set_the_page_says_how_to_make_one(visit) -> None:
    app = visit()
    assert any("No set has a name yet" in one.value for one in app.caption)
    assert not [one for one in app.get("bidi_component") if one.proto.id.endswith("named-sets")]


def test_slices_are_found_beneath_the_table(visit: Callable[..., AppTest]) -> None:
    app = settled(visit().button(key="find-slices").click().run())
    (said,) = [text.value for text in app.markdown if "were looked at" in text.value]
    assert "groups of at most two conditions" in said
    assert "tiny" in said
