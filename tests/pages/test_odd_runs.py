"""Overview and Training stand whatever lies in the models folder."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as strategies
from streamlit.testing.v1 import AppTest

from dashboard.drawing.figures.curve_readings import reading
from dashboard.drawing.figures.learning_curves import CurveDisplay, learning_curves_figure
from dashboard.drawing.figures.run_style import run_styles
from dashboard.loading.answers import load_recorded
from mnist_core import runs
from mnist_core.datasets import Dataset
from mnist_core.runs import EpochRecord, read_run, write_epoch_predictions, write_history

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@pytest.fixture(scope="module")
def recorded(mnist_5k: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two epochs with answers to mnist-5k's validation and no model."""
    folder = tmp_path_factory.mktemp("recorded") / "one"
    folder.mkdir()
    split = mnist_5k.split("validation")
    guessed = np.tile((split.labels + 1) % 10, (2, 1)).astype(np.uint8)
    write_epoch_predictions(
        folder,
        {
            "validation_predicted": list(guessed),
            "validation_confidence": list(np.full(guessed.shape, 0.5, np.float16)),
        },
    )
    write_history(folder, [EpochRecord(e, 0.1, 0.9, 0.2 / e, 0.5, 1.5) for e in (1, 2)])
    details = {
        "recipe": "simple-conv",
        "parameters": 693_962,
        "state": "imported",
        "test_accuracy": None,
        "seed": 0,
        "data": {"fingerprints": {"validation": split.fingerprint}},
        "hyperparameters": {"max_epochs": 9},
        "imported": {"from": "theirs", "notes": ["Taken: a."], "left_out": ["b: torn"]},
        "validation_from": "log",
    }
    runs.write_details(folder, details)
    return folder


@pytest.fixture
def models(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder with that run alone."""
    folder = tmp_path / "models"
    shutil.copytree(recorded, folder / "one")
    monkeypatch.setenv("MNIST_LENS_MODELS", str(folder))
    st.cache_resource.clear()
    return folder


def change(folder: Path, **details: object) -> None:
    runs.write_details(folder, runs.read_json(folder) | details)


def visit(page: str) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=120)
    app.query_params["data"] = "mnist-5k"
    return app.switch_page(f"../pages/{page}.py").run()


def assert_stand(told: str) -> None:
    """Both pages show the run, or say what is wrong with it."""
    for page in ("overview", "training"):
        app = visit(page)
        assert not app.exception, page
        assert not app.error, page
        if page == "overview":
            assert told in " ".join(caption.value for caption in app.caption)


@pytest.mark.parametrize(
    "imported", [5, {"notes": 3}, {"left_out": 7}, {"left_out": [7]}, {"from": None}]
)
def test_a_strange_word_on_an_import_is_a_reason(models: Path, imported: object) -> None:
    change(models / "one", imported=imported)
    assert_stand("one cannot be used")


ANYTHING = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers(-(10**40), 10**40)
    | strategies.floats()
    | strategies.text(strategies.characters(), max_size=30),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(strategies.sampled_from(["from", "notes", "max_epochs"]), inner)
    ),
    max_leaves=4,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=strategies.sampled_from(
        ["state", "recipe", "seed", "data", "imported", "hyperparameters", "versions", "n_classes"]
    ),
    value=ANYTHING,
)
def test_whatever_run_json_says_the_pages_stand(
    models: Path, recorded: Path, name: str, value: Any
) -> None:
    details = json.loads((recorded / "run.json").read_text())
    (models / "one" / "run.json").write_text(json.dumps(details | {name: value}))
    assert_stand("")


@pytest.mark.parametrize(
    "history",
    [
        [EpochRecord(1, 0, 0, 0, 0, 0), EpochRecord(2, 0, 1, 0, 1, 0)],
        [EpochRecord(e, 1 / e**2, 0.5, (e - 1) / 10, 0.5, np.nan) for e in range(1, 9)],
        [EpochRecord(e, np.inf, 0.1, np.inf, 0.1, 1e300) for e in (1, 2)],
        [EpochRecord(e, np.nan, np.nan, np.nan, np.nan, np.nan) for e in (1, 2)],
        [EpochRecord(e, -5.0, 0.1, -1e300, 0.1, 1) for e in (1, 2)],
    ],
    ids=["of zeros", "from zero up", "without end", "unknown", "below zero"],
)
@pytest.mark.parametrize("state", ["finished", "training"])
def test_whatever_numbers_a_history_has_the_pages_stand(
    models: Path, history: list[EpochRecord], state: str
) -> None:
    write_history(models / "one", history)
    change(models / "one", state=state)
    with runs.in_use(models / "one"):
        assert_stand("")


def test_the_loss_of_a_training_that_diverged_is_infinite_in_tables_and_no_point_of_a_curve(
    models: Path, rows_of: Callable
) -> None:
    write_history(
        models / "one",
        [EpochRecord(1, 0.5, 0.9, 0.25, 0.9, 1), EpochRecord(2, np.inf, 0.9, np.inf, 0.95, 1)],
    )
    rows = rows_of(visit("overview"), "runs")
    assert rows["one"]["Loss"] == "infinite"
    app = visit("training")
    assert not app.exception
    told = [caption.value.replace("\\", "") for caption in app.caption]
    assert "one: validation loss is infinite from epoch 2." in told
    epochs = rows_of(app, "epochs-of-one")
    assert (epochs["1"]["Train loss"], epochs["1"]["Val. loss"]) == ("0.5000", "0.2500")
    assert (epochs["2"]["Train loss"], epochs["2"]["Val. loss"]) == ("infinite", "infinite")
    (run,) = [run for run in runs.list_runs(models) if run.name == "one"]
    assert reading(run.history[1], "loss", ["validation"], run.output) == "validation infinite"
    for logarithmic in (False, True):
        figure = learning_curves_figure(
            [run],
            "loss",
            styles=run_styles([run]),
            chosen=("one", 2),
            display=CurveDisplay(logarithmic=logarithmic, smoothing=0.5),
        )
        drawn = json.loads(figure.to_json())["data"]
        assert all(list(line["y"]) == [line["y"][0], None] for line in drawn)


def test_a_folder_whose_name_cannot_be_seen_is_listed_with_it_escaped(
    models: Path, rows_of: Callable
) -> None:
    for name in (b"caf\xe9", b"red\x1b[31m\n"):
        os.mkdir(os.fsencode(models) + b"/" + name)
    app = visit("overview")
    assert not app.exception
    assert {"caf\\xe9", "red\\x1b[31m\\n"} < set(rows_of(app, "runs"))


def test_thousands_of_empty_folders_are_a_table_that_can_be_opened(models: Path) -> None:
    for number in range(300):
        (models / f"empty-{number}").mkdir()
    app = visit("overview")
    assert not app.exception
    assert len(app.caption) < 30
    (table,) = (frame.value for frame in app.dataframe if "Reason" in frame.value)
    assert len(table) == 290


def test_a_visitor_between_the_last_two_writes_of_an_epoch_sees_it_once_it_is_whole(
    models: Path, mnist_5k: Dataset
) -> None:
    split, folder = mnist_5k.split("validation"), models / "one"
    whole = runs.read_history(folder)
    write_history(folder, whole[:1])  # epochs.npz has been written, history.csv has not

    def epochs_seen() -> tuple[int, ...]:
        found = load_recorded(read_run(models, "one"), split)
        assert found is not None
        assert len(found.predicted) == len(found.epochs)
        return found.epochs

    assert epochs_seen() == (1,)
    write_history(folder, whole)
    assert epochs_seen() == (1, 2)
