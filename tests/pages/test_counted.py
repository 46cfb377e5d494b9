"""Numbers without disputed labels are those of the remaining images; lists keep the positions."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from dashboard.components.history.history_lists import histories_in_words
from dashboard.drawing import words
from dashboard.drawing.grids.confusion import MatrixDisplay
from dashboard.loading.answers import counted_accuracy
from dashboard.loading.causes import load_causes, triage_file_of
from dashboard.report import html_report
from dashboard.visit.display import Display
from dashboard.visit.load_view import load_view
from dashboard.visit.repair import settle
from dashboard.visit.selection import Selection
from dashboard.visit.view import Baseline, View
from mnist_core.answers.evaluation import evaluate
from mnist_core.formatting import percent
from mnist_core.runs.learning_histories import LearningHistories
from mnist_core.triage import LABEL_WRONG, Finding, wrong_labels


@pytest.fixture
def triaged(view: View, monkeypatch: pytest.MonkeyPatch, tmp_path) -> View:
    """With a comparison, and causes of some mistakes and of one right answer in a real file."""
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path))
    shuffled = np.random.default_rng(3).permutation(10)
    y_prob = view.answers.y_prob.copy()
    y_prob[::9] = y_prob[::9][:, shuffled]
    before = evaluate(view.split.labels, y_prob)
    mistakes = view.answers.find(None, None).tolist()
    right = int(np.flatnonzero(view.answers.y_true == view.answers.y_pred)[4])
    causes = dict.fromkeys((*mistakes[:12:2], right), LABEL_WRONG)
    causes |= dict.fromkeys(mistakes[1:12:2], "ambiguous")
    findings = [Finding(image, cause) for image, cause in causes.items()]
    triage_file_of("mnist-5k").merge(view.split.fingerprint, findings)
    found = load_causes(view.split, "mnist-5k")
    return replace(view, baseline=Baseline(view.run, 1, before), causes=found)


@pytest.fixture
def undisputed(triaged: View) -> View:
    return replace(triaged, mislabelled=wrong_labels(triaged.causes))


@pytest.fixture
def kept(undisputed: View) -> np.ndarray:
    """Whether each image of the split counts."""
    wrong = [i for i, entry in undisputed.causes.items() if entry.cause == LABEL_WRONG]
    assert len(wrong) == 7
    return ~np.isin(np.arange(len(undisputed.split)), wrong)


def test_all_labels_count_unless_some_are_left_out(triaged: View) -> None:
    assert triaged.counted is triaged.answers
    assert triaged.counted_images is triaged.split.images
    assert triaged.counted_comparison is triaged.comparison


def test_accuracy_and_matrix_are_those_of_scikit_learn_on_the_images_left(
    undisputed: View, kept: np.ndarray
) -> None:
    y_true, y_pred = undisputed.split.labels[kept], undisputed.answers.y_pred[kept]
    assert undisputed.counted.accuracy == pytest.approx(accuracy_score(y_true, y_pred))
    np.testing.assert_array_equal(
        undisputed.counted.confusion_matrix, confusion_matrix(y_true, y_pred)
    )
    np.testing.assert_array_equal(undisputed.counted_images, undisputed.split.images[kept])
    low, high = undisputed.counted.accuracy_interval
    assert words.findings(undisputed).endswith(
        f"MNIST 5k validation, 1,000 images without 7 marked as mislabelled · "
        f"{percent(accuracy_score(y_true, y_pred))} right "
        f"({100 * low:.1f}–{100 * high:.1f})"
    )


def test_the_comparison_counts_what_changed_among_the_images_left(
    undisputed: View, kept: np.ndarray
) -> None:
    assert undisputed.comparison is not None
    assert undisputed.counted_comparison is not None
    y_true = undisputed.split.labels
    was = (undisputed.comparison.before.y_pred == y_true)[kept]
    now = (undisputed.answers.y_pred == y_true)[kept]
    assert len(undisputed.counted_comparison.repaired) == np.sum(~was & now)
    assert len(undisputed.counted_comparison.broken) == np.sum(was & ~now)
    assert undisputed.counted_comparison.difference == pytest.approx(now.mean() - was.mean())


def test_listed_images_keep_their_order_and_their_positions_in_the_split(
    undisputed: View, kept: np.ndarray
) -> None:
    mistakes = undisputed.answers.find(None, None)
    listed = undisputed.listed(mistakes)
    assert listed.tolist() == [position for position in mistakes.tolist() if kept[position]]
    of_cause = replace(undisputed, selection=Selection(cause="ambiguous")).listed(mistakes)
    assert of_cause.tolist() == mistakes.tolist()[1:12:2]
    assert not len(replace(undisputed, selection=Selection(cause=LABEL_WRONG)).listed(mistakes))
    assert not len(
        replace(undisputed, selection=Selection(cause="words nobody used")).listed(mistakes)
    )
    assert not len(undisputed.listed(np.empty(0, np.int64)))


def loaded(wanted: Selection) -> View:
    visit, _ = settle(wanted, Display())
    assert visit.shown is not None
    return load_view(visit, visit.shown)


def test_the_choice_of_labels_decides_what_a_loaded_view_leaves_out(
    tiny_run, monkeypatch: pytest.MonkeyPatch, triaged: View
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    # Epochs that were recorded need no model: no worker is asked.
    monkeypatch.setattr(type(tiny_run), "has_checkpoint", lambda run, epoch: False)
    chosen = Selection(data="mnist-5k", split="validation", run="tiny", epoch=2)
    chosen = replace(chosen, baseline="tiny", baseline_epoch=1, cause="ambiguous")
    everything = loaded(chosen)
    assert (len(everything.left_out), everything.cause) == (0, "ambiguous")
    assert everything.causes == triaged.causes
    view = loaded(replace(chosen, labels="undisputed"))
    assert view.left_out.tolist() == wrong_labels(triaged.causes).tolist()
    assert len(view.counted) == 993
    assert view.counted_comparison is not None
    assert len(view.counted_comparison.before) == 993


def test_every_run_is_told_its_accuracy_without_what_does_not_count(
    tiny_run, undisputed: View, kept: np.ndarray
) -> None:
    split = undisputed.split
    with np.load(tiny_run.folder / "epochs.npz") as stored:
        best = stored["validation_predicted"][tiny_run.best_epoch - 1]
    told = counted_accuracy(tiny_run, split, undisputed.left_out)
    assert told == pytest.approx(accuracy_score(split.labels[kept], best[kept]))
    assert told != tiny_run.validation_accuracy
    elsewhere = replace(tiny_run, fingerprints={})
    assert counted_accuracy(elsewhere, split, undisputed.left_out) is None
    assert counted_accuracy(tiny_run, split, np.arange(len(split))) is None


@pytest.mark.parametrize("damage", ["torn", "answers to fewer images", "gone"])
def test_a_run_whose_answers_cannot_be_used_has_no_such_accuracy(
    tiny_run, undisputed: View, tmp_path: Path, damage: str
) -> None:
    split = undisputed.split
    run = replace(tiny_run, folder=tmp_path / "tiny")
    shutil.copytree(tiny_run.folder, run.folder)
    recorded = run.folder / "epochs.npz"
    with np.load(recorded) as stored:
        fewer = {name: answers[:, 1:] for name, answers in stored.items()}
    if damage == "torn":
        recorded.write_bytes(recorded.read_bytes()[:-100])
    elif damage == "gone":
        recorded.unlink()
    else:
        np.savez(recorded, **fewer)
    assert counted_accuracy(run, split, undisputed.left_out) is None


def test_histories_tell_of_the_images_left(undisputed: View, kept: np.ndarray) -> None:
    is_right = np.random.default_rng(8).random((4, len(kept))) < 0.8
    told = histories_in_words(undisputed, LearningHistories((1, 2, 3, 4), is_right))
    left = is_right[:, kept]
    at_once, never = left.all(axis=0).sum(), (~left).all(axis=0).sum()
    forgotten = (left[:-1] & ~left[1:]).any(axis=0).sum()
    assert told == (
        f"Of 993 images, {at_once:,} were right from epoch 1 on, {never:,} never, and "
        f"{forgotten:,} were right and then wrong again at least once. These are images of "
        "validation, not of training."
    )


def report_of(view: View) -> str:
    return html_report(
        view,
        display=MatrixDisplay(),
        link="http://localhost:8501/confusion",
        now=datetime(2026, 5, 3, tzinfo=UTC),
    )


def rows(report: str, heading: str) -> list[list[str]]:
    under = report.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
    cells = (
        re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row) for row in re.findall("<tr>.*?</tr>", under)
    )
    return [[re.sub("<[^>]*>", "", cell) for cell in row] for row in cells]


def test_the_report_counts_as_the_page_does(undisputed: View, kept: np.ndarray) -> None:
    report = report_of(undisputed)
    y_true, y_pred = undisputed.split.labels[kept], undisputed.answers.y_pred[kept]
    assert words.findings(undisputed) in report
    assert "7 images marked as mislabelled" in report
    precision, recall, f1, support = precision_recall_fscore_support(y_true, y_pred)
    _, *classes, whole = rows(report, "Class by class")
    for label, (_, images, found, right, harmonic) in enumerate(classes):
        assert images == f"{support[label]:,}"
        assert found.startswith(percent(recall[label]))
        assert right.startswith(percent(precision[label]))
        assert harmonic == percent(f1[label])
    assert whole[1] == "993"
    assert undisputed.counted_comparison is not None
    assert f"{words.images(len(undisputed.counted_comparison.repaired))} repaired" in report
    # No picture of an image that does not count.
    drawn = {int(index) for index in re.findall(r'aria-label="#(\d+):', report)}
    assert drawn
    assert drawn <= set(np.flatnonzero(kept).tolist())


def test_the_report_draws_the_images_of_the_chosen_cause_and_says_so(undisputed: View) -> None:
    of_cause = set(undisputed.answers.find(None, None).tolist()[1:12:2])
    report = report_of(replace(undisputed, selection=Selection(cause="ambiguous")))
    assert {int(index) for index in re.findall(r'aria-label="#(\d+):', report)} <= of_cause
    assert "only those with the cause ‘ambiguous’" in report
    assert re.search(r"<h2>True \d → predicted \d: \d+ images?, only ‘ambiguous’</h2>", report)
    # The numbers are still those of all images that count.
    assert rows(report, "Class by class") == rows(report_of(undisputed), "Class by class")


def test_a_cause_that_no_image_has_leaves_a_report_of_numbers_alone(undisputed: View) -> None:
    report = report_of(replace(undisputed, selection=Selection(cause="<i>nobody's</i>")))
    assert not re.findall(r'aria-label="#\d+:', report)
    assert "Highest losses" not in report
    assert "<i>nobody" not in report
    assert rows(report, "Class by class") == rows(report_of(undisputed), "Class by class")
