"""The report says what the evaluation says, where it comes from, and cannot be bent by names."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from streamlit.testing.v1 import AppTest

from dashboard.components.confusion.export import matrix_csv
from dashboard.drawing import words
from dashboard.drawing.grids.confusion import MatrixDisplay
from dashboard.report import html_report
from dashboard.report.page import POLICY
from dashboard.visit.selection import NAMES, Selection
from dashboard.visit.view import Baseline, View
from mnist_core.answers.class_order import confusion_order
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Split
from mnist_core.errors import CheckpointError
from mnist_core.formatting import percent
from mnist_core.runs import Details

LINK = "http://localhost:8501/confusion?run=guesser&epoch=2"
NOW = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)
EVIL = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def written() -> Callable[..., str]:
    def write(view: View, **chosen: Any) -> str:
        looked_at = {name: value for name, value in chosen.items() if name in NAMES}
        shown = {name: value for name, value in chosen.items() if name not in NAMES}
        view = replace(view, selection=Selection(**looked_at))
        return html_report(view, display=MatrixDisplay(**shown), link=LINK, now=NOW)

    return write


@pytest.fixture(scope="module")
def report(view: View, written: Callable[..., str]) -> str:
    return written(view)


def charts(report: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" data-chart="(.+?)">(.+?)</script>', report)
    return {name: json.loads(text) for name, text in found}


def rows(report: str, heading: str) -> list[list[str]]:
    """The text of the cells of the table under a heading."""
    under = report.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
    return [
        [
            unescape(re.sub(r"<[^>]*>", "", cell))
            for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", under)
    ]


def facts(report: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", report)
    return {name: unescape(re.sub(r"<[^>]*>", "", value)) for name, value in found}


def without_plotly(report: str) -> str:
    from plotly.offline import get_plotlyjs

    return report.replace(get_plotlyjs(), "")


def test_the_matrix_in_the_report_is_that_of_scikit_learn(view: View, report: str) -> None:
    letters = charts(report)["confusion-matrix"]["data"][1]["text"]
    expected = confusion_matrix(view.answers.y_true, view.answers.y_pred)
    assert [int(text or 0) for text in letters] == expected.ravel().tolist()


@pytest.mark.parametrize("cells", MatrixDisplay.allowed("cells"))
def test_the_matrix_is_shown_in_the_way_that_was_chosen(
    view: View, written: Callable[..., str], cells: str
) -> None:
    report = written(view, cells=cells, colours="linear", order="confusion")
    figure = charts(report)["confusion-matrix"]
    order = confusion_order(view.answers.confusion_matrix)
    assert figure["layout"]["xaxis"]["ticktext"] == [str(label) for label in order]
    corner = view.answers.confusion_matrix[order[0], order[0]]
    said = {"counts": f"{corner}", "share": f"{corner}.0", "mistakes": "", "pictures": ""}
    said["predicted"] = f"{100 * view.answers.precision[order[0]]:.1f}"
    assert figure["data"][1]["text"][0] == said[cells]
    assert "colours are linear" in report


def test_the_figures_of_each_class_are_those_of_scikit_learn(view: View, report: str) -> None:
    _, *classes, whole = rows(report, "Class by class")
    precision, recall, f1, support = precision_recall_fscore_support(
        view.answers.y_true, view.answers.y_pred
    )
    for label, (name, images, found, right, harmonic) in enumerate(classes):
        assert (name, images) == (str(label), str(support[label]))
        assert found.startswith(percent(recall[label]))
        assert right.startswith(percent(precision[label]))
        assert harmonic == percent(f1[label])
        of_true = confusion_matrix(view.answers.y_true, view.answers.y_pred)[label]
        low, high = binomtest(int(of_true[label]), int(of_true.sum())).proportion_ci(
            method="wilson"
        )
        assert found.endswith(f"({100 * low:.1f}–{100 * high:.1f})")
    assert whole[2].startswith(percent(view.answers.accuracy))


def test_the_most_confused_pairs_come_with_their_share_of_the_true_class(
    view: View, report: str
) -> None:
    listed = rows(report, "Most confused")[1:]
    for pair, (name, count, share, _) in zip(view.answers.most_confused(10), listed, strict=True):
        assert (name, count) == (f"{pair.true} → {pair.predicted}", str(pair.count))
        assert share.startswith(percent(pair.count / view.answers.support[pair.true]))


def test_the_head_forbids_the_network_before_anything_else(report: str) -> None:
    head = report.split("</head>")[0]
    assert report.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert head.index(POLICY) < head.index("<title>") < head.index("<style>")
    assert POLICY.startswith("default-src 'none'; script-src 'unsafe-inline';")
    assert '<meta name="color-scheme" content="light dark">' in head
    assert 'name="viewport"' in head
    assert "<title>guesser on MNIST 5k validation · MNIST Lens</title>" in head


def test_nothing_in_the_report_is_fetched_from_elsewhere(report: str) -> None:
    own = without_plotly(report)
    assert len(own) < len(report) - 4_000_000
    assert set(re.findall(r'(?:href|src|action)="(.*?)"', own)) == {escape(LINK)}
    assert all(url.startswith("data:image/png") for url in re.findall(r"url\((.*?)\)", own))
    assert "@import" not in own


def test_it_says_where_everything_comes_from(view: View, report: str) -> None:
    told = facts(report)
    file = (view.run.folder / "epoch-02.keras").read_bytes()
    assert told["Run"] == "guesser, finished"
    assert told["Recipe"] == "guessing, seed 7"
    assert told["Epoch"] == "2 of 3, the best is 3"
    assert told["Checkpoint, SHA-256"] == hashlib.sha256(file).hexdigest()
    assert told["Data set"] == view.outline.title
    assert told["Source"] == view.outline.source
    assert told["Split"] == "validation, 1,000 images"
    assert told["Split, SHA-256"] == view.split.fingerprint
    assert told["Trained with"] == "python 3.10.1, keras 3.9.9"
    assert f"numpy {version('numpy')}" in told["Report written with"]
    assert f"mnist-lens {version('mnist-lens')}" in told["Report written with"]
    assert told["Report written on"] == "3 May 2026, 14:05 UTC"
    assert told["This view, where the dashboard runs"] == LINK
    assert '<time datetime="2026-05-03T14:05:00+00:00">' in report
    assert escape(words.findings(view)) in report


def test_every_image_drawn_is_the_one_that_its_caption_names(view: View, report: str) -> None:
    picture = re.search(r"mask-image: url\(data:image/png;base64,(.*?)\)", report)
    assert picture
    sprite = Image.open(io.BytesIO(base64.b64decode(picture[1])))
    ink = np.asarray(sprite.convert("RGBA").getchannel("A"))
    drawn = re.findall(r'title="#(\d+): .*?" style="--x:(\d+);--y:(\d+)"', report)
    assert len(drawn) > 80
    for index, x, y in drawn:
        row, column = 28 * int(y), 28 * int(x)
        shown = ink[row : row + 28, column : column + 28]
        assert (shown == view.split.images[int(index)]).all()


def test_the_chosen_cell_or_else_the_most_confused_one_is_shown_whole(
    view: View, written: Callable[..., str]
) -> None:
    pair = view.answers.most_confused(1)[0]
    true, predicted, count = pair.true, pair.predicted, pair.count
    heading = f"<h2>True {true} → predicted {predicted}: {count} images</h2>"
    under = written(view).split(heading)[1].split("</section>")[0]
    assert "The most frequent mistake." in under
    assert re.findall(r'title="#(\d+):', under) == [
        str(index) for index in view.answers.find(true, predicted)
    ]
    assert "The most frequent mistake." not in written(view, true=true, predicted=predicted)
    row = view.answers.find(4, None)
    assert f"<h2>Class 4: {len(row)} missed</h2>" in written(view, true=4)


def test_an_empty_cell_is_called_empty(view: View, written: Callable[..., str]) -> None:
    matrix = view.answers.confusion_matrix
    true, predicted = (int(place) for place in np.argwhere(matrix == 0)[0])
    assert "No image is in this cell." in written(view, true=true, predicted=predicted)


def test_the_opened_image_comes_with_what_each_class_got(
    view: View, written: Callable[..., str]
) -> None:
    report = written(view, image=12)
    assert "<h2>Image 12</h2>" in report
    assert escape(words.image_caption(view.answers, 12, view.class_names)) in report
    assert "opened-image" in charts(report)
    assert "opened-image" not in charts(written(view))


def test_the_number_of_an_image_has_no_comma(view: View, written: Callable[..., str]) -> None:
    times = 1 + 1_234 // len(view.split)
    many = Split(
        name=view.split.name,
        images=np.tile(view.split.images, (times, 1, 1)),
        labels=np.tile(view.split.labels, times),
    )
    answers = evaluate(many.labels, np.tile(view.answers.y_prob, (times, 1)))
    report = without_plotly(written(replace(view, split=many, answers=answers), image=1_234))
    assert "<h2>Image 1234</h2>" in report
    assert "1,234" not in report


def test_the_difference_to_what_is_compared_with_is_told_and_shown(
    view: View, written: Callable[..., str]
) -> None:
    before = evaluate(view.answers.y_true, view.answers.y_prob[:, ::-1])
    older = replace(view.run, name="older")
    compared = replace(view, baseline=Baseline(older, 4, before))
    report = written(compared)
    assert escape(words.difference(compared.comparison, "older · epoch 4")) in report
    repaired = len(compared.comparison.repaired)
    assert repaired > 200
    assert f"<h3>Repaired: {repaired} images, 200 of {repaired} are shown</h3>" in report
    assert facts(report)["Compared with"] == "older, epoch 4"
    assert "Repaired" not in written(view)


def test_an_epoch_without_a_model_says_what_is_missing(
    view: View, written: Callable[..., str]
) -> None:
    answers = view.answers
    recorded = Answers(answers.y_true, answers.y_pred, answers.confidence, 10)
    report = written(replace(view, epoch=1, answers=recorded), image=3)
    assert facts(report)["Checkpoint, SHA-256"].startswith("not kept")
    assert "so the loss of each image cannot be shown" in report
    assert "so the outputs of the other classes cannot be shown" in report
    assert set(charts(report)) == {
        "confusion-matrix",
        "reliability",
        "learning-curve-loss",
        "learning-curve-accuracy",
    }


def test_scores_are_never_called_probabilities(view: View, written: Callable[..., str]) -> None:
    scores = evaluate(view.answers.y_true, np.log(view.answers.y_prob), "scores")
    report = without_plotly(written(replace(view, answers=scores), image=3))
    assert "reliability" not in charts(report)
    assert "Hinge loss, from" in report
    assert re.search(r"#3: .*, score -?\d", report)
    assert "% sure" not in report


def test_a_model_without_mistakes_is_told_so(view: View, written: Callable[..., str]) -> None:
    perfect = evaluate(view.answers.y_true, np.eye(10, dtype=np.float32)[view.answers.y_true])
    report = written(replace(view, answers=perfect))
    assert "No mistakes on this split." in report
    assert "<h2>Most confused</h2>" not in report


def test_names_with_markup_in_them_are_harmless(view: View, written: Callable[..., str]) -> None:
    outline = replace(view.outline, class_names=(EVIL,) * 10, title=EVIL, source=EVIL)
    run = replace(view.run, name=EVIL, recipe=EVIL, details=Details(versions={EVIL: EVIL}))
    evil = replace(view, outline=outline, run=run, baseline=Baseline(run, 1, view.answers))
    report = written(evil, image=3)
    assert EVIL not in report
    assert "<img" not in without_plotly(report)
    assert len(charts(report)) == 5
    assert charts(report)["confusion-matrix"]["layout"]["xaxis"]["ticktext"][0] == escape(EVIL)


def test_a_checkpoint_that_has_gone_is_not_passed_over(
    view: View, written: Callable[..., str]
) -> None:
    with pytest.raises(CheckpointError, match="epoch 3"):
        written(replace(view, epoch=3))


def test_the_matrix_as_csv_reads_back_the_same(view: View) -> None:
    names = ("a, b", 'c "d"', *map(str, range(8)))
    text = matrix_csv(view.answers.confusion_matrix, class_names=names)
    head, *lines = csv.reader(io.StringIO(text))
    assert tuple(head[1:]) == names == tuple(line[0] for line in lines)
    counts = np.array([line[1:] for line in lines], int)
    assert (counts == view.answers.confusion_matrix).all()


def test_the_window_offers_link_report_matrix_and_picture(view: View) -> None:
    def page(view):  # runs as a script of its own, where no name of this file is known
        from dashboard.components.confusion.export import export
        from dashboard.drawing.grids.confusion import MatrixDisplay

        export(view, MatrixDisplay())

    app = AppTest.from_function(page, kwargs={"view": view})
    app.session_state["page"], app.session_state["selection"] = "confusion", view.selection
    app.run()
    app.button(key="export").click().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    assert [button.label for button in app.get("download_button")] == ["Save report", "Save matrix"]
    assert len(app.code) == 1
