"""Every page shows a data set of a test split alone, and lets it go once it has been removed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.navigation import SITE_MAP, PageEntry
from mnist_core.datasets import Dataset, Split, added
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@pytest.fixture(autouse=True)
def workplace(
    tiny_run: Run, mnist_5k: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "CACHE", "MODELS"):
        monkeypatch.setenv(f"MNIST_LENS_{name}", str(tmp_path / name))
    shutil.copytree(tiny_run.folder, tmp_path / "MODELS" / "tiny")
    monkeypatch.setattr("dashboard.components.shared.long_work.FIRST_WAIT", 60)
    st.cache_resource.clear()
    some = mnist_5k.split("validation")
    alone = Split("test", some.images[::20], some.labels[::20])
    added.write(Dataset("alone", "Alone", {"test": alone}, source="this test", pixels="digits"))


@pytest.mark.parametrize("entry", SITE_MAP, ids=lambda entry: entry.name)
def test_it_is_shown_and_let_go_with_a_sentence(entry: PageEntry) -> None:
    app = AppTest.from_file(str(FRAME), default_timeout=120)
    for name, value in {"data": "alone", "run": "tiny", "image": "7"}.items():
        app.query_params[name] = value
    app = app.switch_page(str(entry.path)).run()
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert "alone" in [box.value for box in app.selectbox if box.label == "Data set"]
    added.remove("alone")
    app.run()
    assert not app.exception
    assert not app.error
    (note,) = [note.value for note in app.get("warning") if "alone" in note.value]
    assert note.replace("\\", "") == "There is no data set named “alone”; this is mnist."
