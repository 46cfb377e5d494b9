"""The Network page: one layer, a pixel's sum, which channels matter, and channels switched off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.network.written import (
    off_of,
    read_off,
    read_pixel,
    switched,
    write_off,
    write_pixel,
)
from mnist_core.answers.comparison import Comparison
from mnist_core.answers.evaluation import evaluate
from mnist_core.datasets import Dataset
from mnist_core.formatting import percent
from mnist_core.inference.channels_off import Off, predict_without
from mnist_core.inference.layer_stages import Stage
from mnist_core.inference.prediction import predict
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
CONVOLUTION = Stage(1, "conv", "Conv2D", "relu", (26, 26, 4), False, True)
HIDDEN = Stage(2, "hidden", "Dense", "relu", (8,), False, True)
LAST = Stage(3, "classes", "Dense", "softmax", (10,), False, False)
STAGES = (CONVOLUTION, HIDDEN, LAST)


@pytest.fixture
def visit(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """A function that opens the page of a run trained for a moment, and waits for its jobs."""
    shutil.copytree(tiny_run.folder, tmp_path / "models" / "tiny")
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("dashboard.components.shared.long_work.FIRST_WAIT", 60)

    def run(**query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in {"data": "mnist-5k", "split": "validation", **query}.items():
            app.query_params[name] = value
        return app.switch_page("../pages/network.py").run()

    return run


def sent(app: AppTest, key: str) -> dict[str, Any]:
    """What a component of ours is given."""
    mounted = app.get("bidi_component")
    return next(json.loads(one.proto.json) for one in mounted if one.proto.id.endswith(key))


def test_a_link_restores_layer_pixel_and_what_is_off(visit) -> None:
    app = visit(image="5", layer="2", pixel="3.4.5", off="2.1.3-3.0")
    assert not app.exception
    assert not app.info
    strip, maps = sent(app, "layer-strip"), sent(app, "layer-maps")
    assert strip["chosen"] == 2
    assert [layer["hasOff"] for layer in strip["layers"]] == [False, True, True, False]
    assert maps["chosen"] == [3, 4, 5]
    assert maps["off"] == [1, 3]
    assert any("row 4, column 5" in text.value for text in app.markdown)


def test_channels_that_are_off_change_accuracy_and_matrix_as_the_core_says(
    visit, tiny_run: Run, mnist_5k: Dataset
) -> None:
    app = visit(run="tiny", epoch="1", off="3." + ".".join(map(str, range(40))))
    split, path = mnist_5k.split("validation"), tiny_run.checkpoint(1).path
    off = (Off(3, tuple(range(40))),)
    before, after = (
        evaluate(split.labels, y_prob)
        for y_prob in (predict(path, split.images), predict_without(path, split.images, off))
    )
    assert after.accuracy != before.accuracy
    comparison = Comparison(before, after)
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    for answers, side in ((before, "The whole network"), (after, "With these off")):
        assert f"{side}: {percent(answers.accuracy, 1)} right" in captions
    counts = f"{len(comparison.repaired):,} image"
    assert any(counts in caption and "Paired score test" in caption for caption in captions)
    grid = sent(app, "grid-after")
    shown = [[cell[0]["text"] for cell in row] for row in grid["cells"]]
    matrix = after.confusion_matrix
    assert shown == [[f"{n:,}" if n else "" for n in row] for row in matrix]


def test_the_channels_of_the_open_cell_stand_by_what_they_change(
    visit, tiny_run: Run, mnist_5k: Dataset, rows_of
) -> None:
    split, path = mnist_5k.split("validation"), tiny_run.checkpoint(1).path
    y_prob = predict(path, split.images)
    answers = evaluate(split.labels, y_prob)
    worst = np.where(np.eye(10, dtype=bool), 0, answers.confusion_matrix)
    true, predicted = map(int, np.unravel_index(worst.argmax(), worst.shape))
    cell = {"true": str(true), "predicted": str(predicted)}
    app = visit(run="tiny", epoch="1", layer="3", **cell)
    rows = rows_of(app, "channel-table")
    wrong = answers.find(true, predicted)
    assert len(wrong) <= 100  # of more, some are drawn
    channel = next(iter(rows))
    off = predict_without(path, split.images[wrong], (Off(3, (int(channel),)),))

    def parted(given: np.ndarray) -> np.ndarray:
        return np.log(given[:, predicted].astype(float) / given[:, true])

    change = (parted(off) - parted(y_prob[wrong])).mean()
    shown = float(rows[channel]["Wrong"].replace("−", "-"))
    assert shown == pytest.approx(change, abs=0.01)
    changes = [abs(float(row["Wrong"].replace("−", "-"))) for row in rows.values()]
    assert changes == sorted(changes, reverse=True)


def test_the_last_layer_and_a_right_image_have_no_channels_that_matter(
    visit, tiny_run: Run, mnist_5k: Dataset
) -> None:
    last = visit(layer="400")
    assert sent(last, "layer-strip")["chosen"] == 4
    assert any("nothing follows that could change" in one.value for one in last.caption)
    split = mnist_5k.split("validation")
    answers = evaluate(split.labels, predict(tiny_run.checkpoint(3).path, split.images))
    right = int(np.flatnonzero(answers.y_pred == answers.y_true)[0])
    app = visit(run="tiny", epoch="3", image=f"{right}")
    assert any("Open an image that was predicted wrong" in one.value for one in app.caption)


def test_a_pixel_and_channels_come_back_as_they_were_written() -> None:
    assert read_pixel(write_pixel((3, 25, 0)), CONVOLUTION) == (3, 25, 0)
    assert read_pixel("", CONVOLUTION) is None
    for text in ("4.0.0", "0.26.0", "0.0.26"):
        assert read_pixel(text, CONVOLUTION) is None
    assert read_pixel("7.0.0", HIDDEN) == (7, 0, 0)
    assert read_pixel("7.0.1", HIDDEN) is None
    off = (Off(1, (0, 3)), Off(2, (7,)))
    assert write_off(off) == "1.0.3-2.7"
    assert read_off("1.0.3-2.7", STAGES) == off


def test_channels_that_the_model_does_not_have_are_not_off() -> None:
    assert read_off("1.0.4-2.9-3.1-7.0", STAGES) == (Off(1, (0,)),)
    assert read_off("2.1-1.0-2.0", STAGES) == (Off(1, (0,)), Off(2, (0, 1)))
    assert read_off("", STAGES) == ()


def test_switching_a_channel_twice_leaves_it_on() -> None:
    once = switched((Off(2, (7,)),), 1, 3)
    assert once == (Off(1, (3,)), Off(2, (7,)))
    assert off_of(once, CONVOLUTION) == (3,)
    assert off_of(once, LAST) == ()
    assert switched(switched(once, 1, 3), 2, 7) == ()
