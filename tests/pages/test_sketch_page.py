"""What the sketch page takes from a browser, and what it says of an image that is as it was."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.components.sketch import sketch_canvas
from dashboard.components.sketch.sheet import (
    MOST_SHEETS,
    MOST_STROKES,
    Sheet,
    keep_sheet,
    kept_sheet,
)
from dashboard.components.sketch.sketch_canvas import SIDE, _decoded, _on_paper
from dashboard.work import worker
from mnist_core.datasets import Dataset, Split
from mnist_core.errors import SketchError
from mnist_core.formatting import percent
from mnist_core.inference.prediction import predict
from mnist_core.pictures.variations import NAMES, Variation, varied
from mnist_core.runs import Run, read_run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
URL = "data:image/png;base64,"
FIT = dict.fromkeys(
    ("naturalWidth", "naturalHeight", "scaleX", "scaleY", "offsetX", "offsetY"), 1.0
)


def sent(picture: bytes, *strokes: str) -> dict[str, Any]:
    """What a canvas sends: a picture, and its strokes by name."""
    raw = {"objects": [{"type": "Path", "path": name} for name in strokes], "version": "7"}
    data = URL + base64.b64encode(picture).decode()
    return {"drawing": {"raw": raw, "data": data}, "backgroundFit": FIT}


def names_of(sheet: Sheet) -> list[str]:
    return [str(stroke["path"]) for stroke in sheet.strokes]


def test_what_a_canvas_sends_is_handed_on_unopened() -> None:
    for picture in (b"", b"%!PS-Adobe-3.0 EPSF-3.0", bytes(1000)):
        assert _decoded(Sheet().told(sent(picture, "a"))) == picture


def test_strokes_are_undone_and_redone_one_by_one() -> None:
    sheet = Sheet().told(sent(b"1", "a")).told(sent(b"12", "a", "b"))
    assert names_of(sheet) == ["a", "b"]
    back = sheet.back()
    assert back.drawing["objects"] == [{"type": "Path", "path": "a"}]
    # Until the browser has heard of it, it still sends what was there before.
    assert back.told(sent(b"12", "a", "b")) == back
    back = back.told(sent(b"1", "a"))
    assert (names_of(back), len(back.undone)) == (["a"], 1)
    forth = back.forth()
    assert (names_of(forth), forth.undone) == (["a", "b"], ())
    # A new stroke leaves nothing to redo.
    drawn = back.told(sent(b"13", "a", "c"))
    assert (names_of(drawn), drawn.undone) == (["a", "c"], ())
    assert drawn.forth() == drawn


def test_a_stroke_drawn_again_over_itself_is_a_stroke() -> None:
    sheet = Sheet().told(sent(b"same", "a")).told(sent(b"same", "a", "a"))
    assert names_of(sheet) == ["a", "a"]


def test_a_browser_begins_anew_with_equal_strokes() -> None:
    blank = Sheet()
    undone = blank.told(sent(b"1", "a")).back()
    assert blank.drawing["objects"] == undone.drawing["objects"] == []
    assert blank.drawing != undone.drawing


def test_who_comes_back_finds_what_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit, "session_state", {})
    sheet = Sheet().told(sent(b"1", "a"))
    keep_sheet("blank", sheet)
    back = kept_sheet("blank").told(None).brought_back()
    assert back.drawing["objects"] == list(sheet.strokes)
    assert _decoded(back) == b"1"
    for number in range(MOST_SHEETS):
        keep_sheet(f"{number}", sheet)
    assert kept_sheet("blank") == Sheet()


@pytest.mark.parametrize("value", [None, {}, {"drawing": None}, {"drawing": {"data": None}}])
def test_before_a_stroke_there_is_nothing(value: Any) -> None:
    assert _decoded(Sheet().told(value)) is None


@pytest.mark.parametrize(
    "value",
    [
        "text",
        7,
        [{}],
        {"drawing": "text"},
        {"drawing": [1]},
        {"drawing": {"raw": {}}},
        {"drawing": {"data": 7}},
        {"drawing": {"data": ["x"]}},
        {"drawing": {"data": "http://example.org/a.png"}},
        {"drawing": {"data": "data:image/eps;base64,AAAA"}},
        {"drawing": {"data": URL + "AAAA", "raw": 7}},
        {"drawing": {"data": URL + "AAAA", "raw": {"objects": 7}}},
        {"drawing": {"data": URL + "AAAA", "raw": {"objects": ["a"]}}},
        {"drawing": {"data": URL + "AAAA", "raw": {"objects": [{"type": "Image"}]}}},
        sent(b"", *["a"] * (MOST_STROKES + 1)),
        sent(b"", "a" * 2_000_000),
        sent(b"x", "a") | {"drawing": {"raw": sent(b"", "a")["drawing"]["raw"], "data": URL + "!"}},
        {"drawing": {"raw": sent(b"", "a")["drawing"]["raw"], "data": URL + "\u00e9"}},
        {"drawing": {"data": URL + "A" * 8_000_000}},
        {"drawing": {"data": None}, "backgroundFit": {"naturalWidth": 1}},
        {"drawing": {"data": None}, "backgroundFit": 3},
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_no_canvas_sends_is_one_sentence(value: Any) -> None:
    with pytest.raises(SketchError, match=r"Expected strokes from the sheet\. Received: .*Reload"):
        _decoded(Sheet().told(value))


def test_an_image_lies_on_the_sheet_with_hard_pixels() -> None:
    image = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    sheet = np.asarray(_on_paper(image).convert("L"))
    assert sheet.shape == (SIDE, SIDE)
    blocks = sheet.reshape(28, SIDE // 28, 28, SIDE // 28)
    assert (blocks == blocks[:, :1, :, :1]).all()


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    def run(**query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(str(Path("..") / "pages" / "sketch.py")).run()

    return run


def headings(app: AppTest) -> list[str]:
    assert not app.exception
    return [heading.value for heading in app.subheader]


def check_mistakes(
    visit: Callable[..., AppTest], run: Run, dataset: Dataset, split: Split, most: int | None = None
) -> int:
    """The mistakes of a run are read on the sheet as everywhere else; how many there were."""
    y_prob = predict(run.checkpoint(run.best_epoch or 0).path, split.images)
    mistakes = np.flatnonzero(y_prob.argmax(axis=1) != split.labels)[:most]
    app = visit(data=dataset.name, split=split.name, run=run.name)
    for index in mistakes:
        app.query_params["image"] = str(index)
        label, sure = y_prob[index].argmax(), percent(float(y_prob[index].max()))
        assert headings(app.run()) == [f"Reads as {label}, {sure}"], index
    return len(mistakes)


def test_an_image_on_the_sheet_is_read_as_everywhere_else(
    visit: Callable[..., AppTest],
    tiny_run: Run,
    mnist_5k: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    split = mnist_5k.split("validation")
    assert check_mistakes(visit, tiny_run, mnist_5k, split, most=8) == 8


def test_so_are_all_mistakes_of_the_best_recipe(
    visit: Callable[..., AppTest],
    full_mnist: Dataset,
    full_mnist_path: Path,
    bundled_models: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(bundled_models))
    monkeypatch.setenv("MNIST_LENS_DATA", str(full_mnist_path))
    streamlit.cache_resource.clear()
    run = read_run(bundled_models, "flagship-seed-1")
    assert check_mistakes(visit, run, full_mnist, full_mnist.split("test")) == 37
    streamlit.cache_resource.clear()


def test_with_strokes_on_it_both_answers_stand_side_by_side(
    visit: Callable[..., AppTest],
    tiny_run: Run,
    mnist_5k: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    levels = np.zeros((280, 280, 4), np.uint8)
    levels[50:70, 40:240] = (17, 17, 17, 255)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    monkeypatch.setattr(sketch_canvas, "sketch_canvas", lambda image, name: file.getvalue())
    image = mnist_5k.split("validation").images[70]
    edited = image.copy()
    edited[5:7, 4:24] = 255
    model = tiny_run.checkpoint(tiny_run.best_epoch or 0).path
    expected = [
        f"Reads as {y_prob.argmax()}, {percent(float(y_prob.max()))}"
        for y_prob in (predict(model, one[None])[0] for one in (image, edited))
    ]
    app = visit(data="mnist-5k", split="validation", run="tiny", image="70")
    assert headings(app) == expected
    captions = [caption.value for caption in app.caption]
    assert "**Original**" in captions
    assert "**With your strokes**" in captions
    # What is seen of it, and nothing else, is handed to the page that explains it.
    assert np.array_equal(app.session_state["drawing"], edited)
    (way,) = [one.proto for one in app.get("page_link") if one.proto.label == "Explain the drawing"]
    assert "sheet=sketch" in way.query_string


@pytest.mark.parametrize("on", [{}, {"image": "70"}], ids=["blank", "image"])
def test_a_stroke_is_one_call_of_a_worker_that_brings_back_what_is_shown(
    visit: Callable[..., AppTest],
    tiny_run: Run,
    monkeypatch: pytest.MonkeyPatch,
    on: dict[str, str],
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    levels = np.zeros((280, 280, 4), np.uint8)
    levels[40:240, 130:150] = (17, 17, 17, 255)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    app = visit(data="mnist-5k", split="validation", run="tiny", **on)
    calls: list[tuple[str, Any]] = []

    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        made = function(*arguments)
        calls.append((function.__name__, made))
        return made

    monkeypatch.setattr(worker, "call", call)
    monkeypatch.setattr(sketch_canvas, "sketch_canvas", lambda *_, **__: file.getvalue())
    assert headings(app.run())[-1].startswith("Reads as ")
    (name, made) = calls.pop()
    assert not calls
    assert name == "read_digit"
    assert {key: value.shape for key, value in vars(made).items()} == {
        "image": (28, 28),
        "outputs": (10,),
    }


def test_an_image_is_leant_and_turned_with_the_answer_along_each_way(
    visit: Callable[..., AppTest],
    tiny_run: Run,
    mnist_5k: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))
    image = mnist_5k.split("validation").images[70]
    on = {"data": "mnist-5k", "split": "validation", "run": "tiny", "image": "70"}
    app = visit(**on, vary="shown")
    app.slider(key="vary-rotation").set_value(30.0)
    app.run()
    assert not app.exception
    turned = varied(image, Variation(rotation=30))
    y_prob = predict(tiny_run.checkpoint(tiny_run.best_epoch or 0).path, turned[None])[0]
    said = f"**Reads as {y_prob.argmax()}, {percent(float(y_prob.max()))}**"
    assert said in [one.value for one in app.markdown]
    assert len(app.get("plotly_chart")) == 1 + len(NAMES)
    app.button(key="vary-reset").click().run()
    assert app.slider(key="vary-rotation").value == 0
