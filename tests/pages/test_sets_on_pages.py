"""A set narrows every page about a run, to exactly its images."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix
from streamlit.testing.v1 import AppTest

from dashboard.drawing import words
from dashboard.drawing.grids.confusion import MatrixDisplay
from dashboard.loading.sets import find_subset, set_of_images
from dashboard.loading.subject import Gathered
from dashboard.navigation import SITE_MAP
from dashboard.report import html_report
from dashboard.visit.display import Display
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from dashboard.visit.view import Baseline, View
from mnist_core.answers.evaluation import evaluate
from mnist_core.queries import parse_query
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
NARROWED = [
    entry.path.name
    for entry in SITE_MAP
    if "page_about_a_run(" in entry.path.read_text(encoding="utf-8")
]


@pytest.fixture
def visit(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    for name in ("tiny", "two"):
        shutil.copytree(tiny_run.folder, tmp_path / "models" / name)
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "models"))

    def arrive(file: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(str(Path("..") / "pages" / file)).run()

    return arrive


def narrowed(view: View, text: str) -> View:
    query = parse_query(text, view.class_names)
    return replace(view, subset=find_subset(view, query, Gathered()))


def said(app: AppTest) -> str:
    parts = (app.caption, app.markdown, app.info, app.warning, app.error, app.subheader)
    return "\n".join(one.value for kind in parts for one in kind)


@pytest.mark.parametrize("page", NARROWED)
def test_every_page_about_a_run_counts_and_lists_the_images_of_the_set_alone(visit, page) -> None:
    app = visit(page, data="mnist-5k", set="true in (3, 5) and index < 550")
    assert not app.exception
    assert app.session_state["written-query"]["set"] == "true in (3, 5) and index < 550"
    assert "150 of 1,000 images" in said(app)


def test_numbers_of_a_set_are_those_of_scikit_learn_on_its_images(view: View) -> None:
    narrow = narrowed(view, "true in (3, 5) or predicted == 9")
    y_true, y_pred = view.split.labels, view.answers.y_pred
    inside = np.isin(y_true, (3, 5)) | (y_pred == 9)
    np.testing.assert_array_equal(narrow.counted_positions, np.flatnonzero(inside))
    assert narrow.counted.accuracy == accuracy_score(y_true[inside], y_pred[inside])
    np.testing.assert_array_equal(
        narrow.counted.confusion_matrix,
        confusion_matrix(y_true[inside], y_pred[inside], labels=range(10)),
    )
    np.testing.assert_array_equal(narrow.counted_images, view.split.images[inside])
    everything = np.arange(len(view.split))
    np.testing.assert_array_equal(narrow.listed(everything), np.flatnonzero(inside))


def test_what_is_mislabelled_does_not_count_in_a_set_either(view: View) -> None:
    inside = np.flatnonzero(view.split.labels == 3)
    disputed = np.array([inside[0], inside[4], np.flatnonzero(view.split.labels == 5)[0]])
    narrow = replace(narrowed(view, "true == 3"), mislabelled=disputed)
    np.testing.assert_array_equal(narrow.counted_positions, np.setdiff1d(inside, disputed))
    assert "100 of 1,000 images without 2 marked as mislabelled" in words.findings(narrow)


def test_a_comparison_is_of_the_images_of_the_set(view: View) -> None:
    y_prob = view.answers.y_prob.copy()
    y_prob[::3] = np.roll(y_prob[::3], 1, axis=1)
    before = Baseline(view.run, 1, evaluate(view.split.labels, y_prob))
    narrow = narrowed(replace(view, baseline=before), "index < 300")
    comparison = narrow.counted_comparison
    wrong_before = before.answers.y_pred[:300] != view.split.labels[:300]
    wrong_after = view.answers.y_pred[:300] != view.split.labels[:300]
    assert len(comparison.repaired) == np.sum(wrong_before & ~wrong_after)
    assert len(comparison.broken) == np.sum(~wrong_before & wrong_after)


def test_answers_that_chose_the_images_give_neither_interval_nor_test(view: View) -> None:
    before = Baseline(view.run, 1, view.answers)
    by_shape = narrowed(replace(view, baseline=before), "true == 3")
    by_answer = narrowed(replace(view, baseline=before), "wrong or confidence < 0.9")
    assert by_shape.is_tested
    assert "right (" in words.findings(by_shape)
    assert words.findings(by_answer).endswith("% right")
    text = words.difference(by_answer.counted_comparison, "that", is_tested=by_answer.is_tested)
    assert text.endswith("No test and no interval: the answers themselves chose these images.")
    assert " p = " not in text
    assert "(" not in text


def test_the_report_says_which_images_it_is_about(view: View) -> None:
    page = html_report(
        narrowed(view, "true == 3 and index < 390"),
        display=MatrixDisplay(),
        link="http://here/?set=x",
        now=datetime.now(UTC),
    )
    assert "90 images: <code>true == 3 and index &lt; 390</code>" in page


@pytest.mark.parametrize(
    "text",
    [
        "wrongly",
        "__import__('os').system('true')",
        "confidence > " + "9" * 600,
        "images-000000000000",
        "images-../../../etc/passwd",
    ],
)
def test_a_set_that_cannot_be_used_is_let_go_with_a_sentence(text: str) -> None:
    visit, notes = settle(Selection(data="mnist-5k", set=text), Display())
    assert visit.selection.set is None
    assert len(notes) == 1
    assert notes[0].startswith("The link's set cannot be used, so these are all images: Expected ")


def test_half_a_character_in_a_link_is_said_on_the_page(visit) -> None:
    app = visit("confusion.py", data="mnist-5k", set=r"true == '\ud800'")
    assert not app.exception
    assert "half of one" in said(app)


def test_of_an_empty_set_the_page_says_that_it_is_empty(visit) -> None:
    app = visit("confusion.py", data="mnist-5k", set="true == 3 and true == 5")
    assert not app.exception
    assert "None of the 1,000 images of validation is in the set." in said(app)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('predicted["two"] == predicted and predicted["two@1"] == predicted["tiny@1"]', True),
        ('margin == margin["two"] and loss == loss["two"] and confidence == confidence["two"]', 1),
        ("n_runs == 2 and n_wrong in (0, 2)", 1),
        ("n_wrong == 1", 0),
    ],
)
def test_other_runs_are_asked_and_a_copy_of_the_run_answers_as_it_does(visit, text, found) -> None:
    app = visit("confusion.py", data="mnist-5k", run="tiny", epoch="3", set=text)
    while any(one.label == "Stop" for one in app.button):
        app.run()
    assert not app.exception
    assert f"{'1,000' if found else 'None'} of " in said(app)


def test_images_by_number_are_a_query_and_many_a_name_in_the_cache(
    view: View, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))
    assert set_of_images(view, np.array([7])) == "index == 7"
    few = set_of_images(view, np.array([7, 3, 900, 3]))
    assert narrowed(view, few).subset.positions.tolist() == [3, 7, 900]
    assert not narrowed(view, few).is_tested
    name = set_of_images(view, np.arange(100))
    assert settle(Selection(data="mnist-5k", set=name), Display())[1] == ()
    elsewhere, (note,) = settle(Selection(data="mnist-5k", split="train", set=name), Display())
    assert elsewhere.selection.set is None
    assert "images of another one" in note
    assert set_of_images(view, np.arange(100)[::-1]) == name


def test_what_is_not_known_of_the_images_is_said_and_the_set_stays_to_be_mended(visit) -> None:
    app = visit("confusion.py", data="mnist-5k", set='wrong["nobody"]')
    assert not app.exception
    data = next(
        json.loads(one.proto.json)
        for one in app.get("bidi_component")
        if one.proto.id.endswith("query-field")
    )
    assert data["asked"] == 'wrong["nobody"]'
    assert data["error"].startswith("Expected a run with answers to these images. Received: “nob")
    assert app.session_state["written-query"]["set"] == 'wrong["nobody"]'
