"""All runs at once: who leads, who errs alone or together, as brute force finds it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.shared import runs_at_once
from dashboard.components.shared.runs_at_once import chosen_runs
from dashboard.drawing import words
from dashboard.drawing.grids.shared_errors import MOST_RUNS, shared_errors_grid
from dashboard.navigation import SITE_MAP
from dashboard.visit.display import Display
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from dashboard.work import worker
from mnist_core.answers.comparison import Comparison
from mnist_core.answers.evaluation import evaluate
from mnist_core.answers.many_runs import ManyRuns
from mnist_core.datasets import Dataset
from mnist_core.formatting import percent
from mnist_core.inference.prediction import predict
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
IN_ALL = [3, 400, 905]
WRONG = {
    "first": [*IN_ALL, 7, 8],
    "second": [*IN_ALL, 7, 9, 10],
    "third": [*IN_ALL, *range(100, 160)],
}
"""Positions that made-up runs read wrong, beside those that tiny does."""


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models answer in this process, which has imported Keras already."""
    monkeypatch.setattr(worker, "call", lambda function, *arguments: function(*arguments))
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def models(tiny_run: Run, mnist_5k: Dataset, tmp_path_factory) -> Path:
    """Runs that recorded one epoch each and kept no model; tiny stays as it was."""
    folder = tmp_path_factory.mktemp("models")
    labels = mnist_5k.split("validation").labels
    shutil.copytree(tiny_run.folder, folder / "tiny")
    for name, wrong in WRONG.items():
        shutil.copytree(tiny_run.folder, folder / name, ignore=shutil.ignore_patterns("*.keras"))
        predicted = labels.copy()
        predicted[wrong] = (labels[wrong] + 1) % 10
        np.savez_compressed(
            folder / name / "epochs.npz",
            validation_predicted=np.stack([predicted] * 3),
            validation_confidence=np.full((3, len(labels)), 0.75, np.float16),
        )
    return folder


@pytest.fixture
def visit(models: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))

    def arrive(page: str = "runs", **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120).run()
        for name, value in {"data": "mnist-5k", "run": "tiny", **query}.items():
            app.query_params[name] = value
        return app.switch_page(f"../pages/{page}.py").run()

    return arrive


@pytest.fixture(scope="module")
def wrong(models: Path, mnist_5k: Dataset) -> Mapping[str, set[int]]:
    """What each run reads wrong at its best epoch."""
    from mnist_core.runs import list_runs, read_epoch_predictions

    labels, found = mnist_5k.split("validation").labels, {}
    for run in list_runs(models):
        recorded = read_epoch_predictions(run, "validation")
        row = recorded.predicted[recorded.epochs.index(run.best_epoch)]
        found[run.name] = set(np.flatnonzero(row != labels).tolist())
    return found


def said(app: AppTest) -> str:
    parts = (app.caption, app.markdown, app.info, app.warning, app.error, app.subheader)
    return "\n".join(one.value for kind in parts for one in kind)


def words_of(app: AppTest) -> str:
    """What is said, as it is read."""
    return said(app).replace("\\", "")


def data_of(app: AppTest, key: str) -> dict[str, Any]:
    found = [one for one in app.get("bidi_component") if one.proto.id.endswith(key)]
    return json.loads(found[0].proto.json)


def indices(app: AppTest) -> set[int]:
    return set(data_of(app, "runs-sheet")["indices"])


def test_the_table_says_of_every_run_what_brute_force_finds(visit, rows_of, wrong) -> None:
    app = visit()
    assert not app.exception
    rows = rows_of(app, "run-accuracies")
    assert list(rows)[:2] == ["first", "second"]
    for name, row in rows.items():
        others = set().union(*(wrong[other] for other in wrong if other != name))
        assert row["Wrong"] == str(len(wrong[name]))
        assert row["Alone"] == str(len(wrong[name] - others))
    assert rows["first"]["Points"] == "–"
    assert rows["second"]["Points"] == "−0.10"
    assert [rows[name]["note"] for name in ("first", "second", "third")] == ["leads", "leads", ""]
    assert "4 runs, each at its best epoch · MNIST 5k validation, 1,000 images" in said(app)
    assert "No difference shown from it: second. The 2 others are worse" in said(app)


def test_at_first_the_images_that_all_read_wrong_are_listed(visit, wrong) -> None:
    in_all = set.intersection(*wrong.values())
    app = visit(runs="first,second,third")
    assert indices(app) == set(IN_ALL)
    assert app.subheader[0].value == "Wrong in all 3 runs: 3 images"
    app = visit()
    assert (indices(app) == in_all) if in_all else "None is wrong in all" in said(app)


def test_a_run_lists_what_it_alone_reads_wrong_and_two_what_both_do(visit) -> None:
    chosen = {"runs": "first,second,third"}
    assert indices(visit(**chosen, erring="third")) == set(range(100, 160))
    assert indices(visit(**chosen, erring="first", erring_too="second")) == {*IN_ALL, 7}
    assert indices(visit(**chosen, erring="second", erring_too="second")) == set(WRONG["second"])
    app = visit(runs="first,second", erring="first", erring_too="third")
    assert indices(app) == {8}  # a run that is not on show errs with nobody
    sheet = data_of(visit(**chosen), "runs-sheet")
    place = sheet["indices"].index(3)
    assert sheet["badges"][place] == "0→1"
    assert sheet["captions"][place] == "#3: true 0, wrong in 3 of 3: 3 say 1"


def test_without_an_error_in_all_those_in_most_runs_are_listed_and_alone_may_be_none(visit) -> None:
    app = visit(runs="first,second", set="index in (7, 8, 50)")
    assert indices(app) == {7}
    app = visit(runs="first,second", set="index in (8, 9, 50)")
    assert app.subheader[0].value == "None is wrong in all; wrong in 1 of 2 runs: 2 images"
    app = visit(runs="first,second", set="index in (3, 7)", erring="first")
    assert "Each of its 2 errors is one of another run, too." in said(app)
    app = visit(runs="first,second", set="index in (50, 51)")
    assert "None is wrong" not in said(app)
    assert app.subheader[0].value == "Wrong in any of 2 runs: 0 images"


def test_run_against_run_shows_every_pair_and_the_chosen_one_pressed(visit, wrong) -> None:
    app = visit(table="shared", erring="first", erring_too="tiny")
    grid = data_of(app, "shared-errors")
    names = [line["name"].partition(" ")[2] for line in grid["rows"]]
    assert set(names) == set(wrong)
    for r, one in enumerate(names):
        for c, other in enumerate(names):
            (part,) = grid["cells"][r][c]
            assert part["text"] == str(len(wrong[one] & wrong[other]))
    assert grid["chosen"] == [names.index("first"), names.index("tiny"), ""]
    by_chance = len(wrong["first"]) * len(wrong["third"]) / 1_000
    hint = grid["cells"][names.index("first")][names.index("third")][0]["label"]
    assert f"{by_chance:.1f} expected if their errors were independent" in hint


def test_numbers_follow_the_set_and_a_set_of_answers_is_not_tested(visit, rows_of, wrong) -> None:
    rows = rows_of(visit(set="index >= 100"), "run-accuracies")
    assert {name: row["Wrong"] for name, row in rows.items()} == {
        name: str(sum(index >= 100 for index in found)) for name, found in wrong.items()
    }
    for text in ("wrong", 'wrong["third"] or index < 0', 'confidence["first"] < 0.6 or true < 5'):
        app = visit(set=text)
        assert "No test: answers themselves chose these images." in said(app)
        (row, *_) = rows_of(app, "run-accuracies").values()
        assert "p" not in row
        assert "(" not in row["Right"]
    # Answers of a run that is not on show decided nothing about those that are.
    app = visit(set='predicted["third"] < 5', runs="first,second")
    assert "No test" not in said(app)


def test_an_opened_image_has_a_row_of_every_run(visit, rows_of, mnist_5k: Dataset) -> None:
    app = visit(image="7", runs="first,second,third")
    true = int(mnist_5k.split("validation").labels[7])
    rows = rows_of(app, "every-run")
    assert {name: row["Reads"] for name, row in rows.items()} == {
        "first": f"{(true + 1) % 10} ✗",
        "second": f"{(true + 1) % 10} ✗",
        "third": f"{true} ✓",
    }
    assert {row["Confidence"] for row in rows.values()} == {"75.0 %"}
    assert "1 of 3 runs right" in said(app)
    app.button(key="image-close").click().run()
    assert app.session_state["written-query"].get("image") is None


@pytest.mark.parametrize("page", ["confusion", "history", "comparison", "confidence"])
def test_other_pages_say_on_demand_what_every_run_says(visit, rows_of, page: str) -> None:
    chosen = {"image": "7", "runs": "first,third", "baseline": "first", "set": "index < 50"}
    app = visit(page, **chosen)
    assert not [one for one in app.get("bidi_component") if one.proto.id.endswith("every-run")]
    (switch,) = [one for one in app.toggle if one.label == "What every run says"]
    switch.set_value(True).run()
    assert not app.exception
    assert app.session_state["written-query"]["every_run"] == "shown"
    rows = rows_of(app, "every-run")
    assert {name: row["Reads"].split()[1] for name, row in rows.items()} == {
        "first": "✗",
        "third": "✓",
    }


def test_every_page_that_opens_an_image_can_say_what_every_run_says_of_it() -> None:
    pages = [entry.path.read_text(encoding="utf-8") for entry in SITE_MAP]
    opening = [text for text in pages if "image_summary(" in text]
    assert len(opening) >= 6
    assert all("every_run_on_demand(view, " in text for text in opening)


def test_every_model_is_asked_about_the_sheet(
    visit, rows_of, tiny_run: Run, mnist_5k: Dataset
) -> None:
    app = visit("sketch", image="500", every_run="shown")
    deadline = time.monotonic() + 60
    while "What every run says" not in "".join(one.value for one in app.markdown):
        assert time.monotonic() < deadline
        app.run()
    image = mnist_5k.split("validation").images[500]
    outputs = predict(tiny_run.checkpoint(tiny_run.best_epoch).path, image[None])[0]
    (row,) = rows_of(app, "every-run").values()
    assert row["Reads"].startswith(str(outputs.argmax()))
    assert row["Confidence"] == percent(float(outputs.max()))
    assert "Without 3 runs: no model that can be opened" in words_of(app)


def test_the_mean_of_two_models_is_that_of_numpy(
    visit, models: Path, tiny_run: Run, mnist_5k: Dataset
) -> None:
    assert "The mean needs two runs" in said(visit(mean="shown"))
    shutil.copytree(models / "tiny", models / "twin")
    shutil.copy(
        models / "tiny" / "epoch-01.keras",
        models / "twin" / tiny_run.checkpoint(tiny_run.best_epoch).path.name,
    )
    try:
        app = visit(mean="shown", runs="tiny,twin,first")
        deadline = time.monotonic() + 60
        while "reads" not in said(app).partition("The mean of the")[2]:
            assert time.monotonic() < deadline
            app.run()
    finally:
        shutil.rmtree(models / "twin")
    split = mnist_5k.split("validation")
    first, best = (
        predict(tiny_run.checkpoint(epoch).path, split.images) for epoch in (1, tiny_run.best_epoch)
    )
    right = np.mean((first + best).argmax(axis=1) == split.labels)
    assert f"of 2 runs reads {percent(right)} right (" in words_of(app)
    assert "Epochs and runs were chosen on validation" in words_of(app)
    assert "Without first: no probabilities, or no model of that epoch." in words_of(app)


def test_runs_are_chosen_by_the_address_and_what_is_not_there_is_said(visit, rows_of) -> None:
    app = visit(runs="first,nobody", erring="nobody")
    assert list(rows_of(app, "run-accuracies")) == ["first"]
    warned = "\n".join(one.value for one in app.warning)
    assert "There is no run named “nobody” to look at on this split" in warned
    assert "There is no run named “nobody” to list errors of" in warned
    assert app.session_state["written-query"]["runs"] == "first"


def test_a_choice_of_runs_stands_in_the_address_in_one_order(visit) -> None:
    app = visit(runs="first,third")
    (several,) = app.multiselect
    several.set_value(["third", "first", "second"]).run()
    assert app.session_state["written-query"]["runs"] == "first,second,third"
    app.multiselect[0].set_value([]).run()
    assert "runs" not in app.session_state["written-query"]


def test_all_runs_stand_in_the_address_by_one_sign(visit, rows_of) -> None:
    app = visit(runs="first,third")
    best = next(group for group in app.segmented_control if "Best 3" in group.options)
    best.set_value("All").run()
    assert app.session_state["written-query"]["runs"] == "*"
    assert len(rows_of(app, "run-accuracies")) == 4
    assert len(rows_of(visit(runs="*"), "run-accuracies")) == 4


def test_of_many_runs_the_best_are_looked_at_and_that_is_said(
    visit, rows_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_at_once, "FEW", 3)
    monkeypatch.setattr(runs_at_once, "MOST_AT_FIRST", 2)
    app = visit()
    assert len(rows_of(app, "run-accuracies")) == 2
    assert "These are the 2 best on validation of 4 runs" in said(app)


def test_a_damaged_run_is_left_out_with_the_reason(visit, models: Path, rows_of) -> None:
    torn = models / "torn"
    shutil.copytree(models / "first", torn)
    (torn / "epochs.npz").write_bytes(b"PK\x03\x04 torn")
    try:
        app = visit()
    finally:
        shutil.rmtree(torn)
    assert not app.exception
    assert "torn" not in rows_of(app, "run-accuracies")
    assert r"Without torn\: Expected predictions of every epoch" in said(app)


def test_a_table_of_more_runs_than_have_room_ends_with_the_twentieth() -> None:
    answers = np.random.default_rng(0).integers(0, 2, (30, 50))
    runs = ManyRuns(np.zeros(50, int), answers[np.argsort(answers.sum(axis=1))])
    grid = shared_errors_grid(runs, [f"run-{k}" for k in range(30)])
    assert len(grid.rows) == len(grid.columns) == MOST_RUNS == 20


def test_chosen_runs_are_at_their_best_epoch(visit, tiny_run: Run, mnist_5k: Dataset) -> None:
    settled, _ = settle(Selection(data="mnist-5k"), Display())
    shown = chosen_runs(settled.usable_runs, settled.split, Selection())
    assert {one.epoch for one in shown} == {tiny_run.best_epoch}


def planted(errors: list[int], n: int = 10_000) -> ManyRuns:
    predicted = np.zeros((len(errors), n), int)
    for k, count in enumerate(errors):
        predicted[k, 100 * k : 100 * k + count] = 1
    return ManyRuns(np.zeros(n, int), predicted)


def test_the_leading_group_in_words() -> None:
    names = ["a_b", "c", "d", "e"]
    assert words.leading(planted([10]), names[:1]) == r"**a\_b** reads 99.90 % right."
    alone = words.leading(planted([10, 90, 95]), names[:3])
    assert alone.startswith(r"**a\_b** reads most right, 99.90 %. All 2 others are worse by")
    same = words.leading(planted([10, 10, 90]), names[:3])
    assert same.startswith(
        r"**a\_b** reads most right, 99.90 %, as does 1 other. No difference shown from it: c. "
        "The other is worse by more than chance. Paired score tests"
    )
    many = words.leading(planted([10] * 9), [f"r{k}" for k in range(9)])
    assert "as do 8 others. No difference shown from it: r1, r2, r3, r4, r5, r6 and 2 more." in many
    untested = words.leading(planted([10, 90]), names[:2], is_tested=False)
    assert untested.endswith("99.90 %. No test: answers themselves chose these images.")


def test_what_the_mean_gains_in_words() -> None:
    y_true = np.zeros(1_000, np.uint8)
    before, after = np.tile([0.9, 0.1], (2, 1_000, 1))
    before[:40], after[:10] = [0.2, 0.8], [0.2, 0.8]
    comparison = Comparison(evaluate(y_true, before), evaluate(y_true, after))
    said = words.mean(comparison, "cnn", 3)
    assert said.startswith(
        "The mean of the probabilities of 3 runs reads 99.0 % right (98.2–99.5). Compared with "
        "the best of them, cnn: +3.00 points"
    )
    assert "30 images repaired, 0 broken" in said


def test_who_says_what_in_words() -> None:
    assert words.agreement([7, 1, 7, 7], [str(k) for k in range(10)]) == "3 say 7, 1 says 1"


def test_a_rounded_certainty_is_not_called_one() -> None:
    assert words.sure(1.0, "probabilities", 2, is_rounded=True) == "> 99.9 %"
    assert words.sure(0.9995, "probabilities", 2, is_rounded=True) == "99.95 %"
    assert words.sure(1.5, "scores", 2, is_rounded=True) == "score 1.50"
