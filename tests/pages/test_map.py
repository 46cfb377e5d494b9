"""The map sends its points once, trusts nothing that comes back, and makes sets of regions."""

from __future__ import annotations

import base64
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.map.display import MapDisplay
from dashboard.components.map.map_points import STEPS, as_bytes, on_square
from dashboard.components.map.model_map import marks_of
from dashboard.components.map.sent import (
    MOST_CORNERS,
    MOST_DIGITS,
    digits_sent,
    image_sent,
    outline_sent,
)
from dashboard.drawing import words
from dashboard.visit.view import Subset, View
from dashboard.work import jobs, worker
from dashboard.work.mapping import mapping
from mnist_core.datasets import Dataset
from mnist_core.errors import SetError
from mnist_core.maps.map import Map, find_map
from mnist_core.runs import Run

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@pytest.fixture(scope="module", autouse=True)
def workers() -> Iterator[None]:
    yield
    worker.stop()


@pytest.fixture
def visit(tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    for name in ("tiny", "two"):
        shutil.copytree(tiny_run.folder, tmp_path / "models" / name)
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path / "models"))

    def arrive(*, maps: int = 1, **query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        app.run()
        for name, value in {"data": "mnist-5k", "run": "tiny", **query}.items():
            app.query_params[name] = value
        app.switch_page(str(Path("..") / "pages" / "map.py")).run()
        for _ in range(100):  # the first time, the images are looked at meanwhile
            if len(canvases(app)) == maps:
                break
            app.run()
        return app

    return arrive


def canvases(app: AppTest) -> list[dict[str, Any]]:
    """What the maps on the page were given."""
    given = [
        one.proto for one in app.get("bidi_component") if one.proto.WhichOneof("data") == "json"
    ]
    return [data for one in given if "points" in (data := json.loads(one.json))]


def said(app: AppTest) -> str:
    parts = (app.caption, app.markdown, app.info, app.warning, app.error, app.subheader)
    return "\n".join(one.value for kind in parts for one in kind)


def bits(encoded: str, n: int) -> np.ndarray:
    packed = np.frombuffer(base64.b64decode(encoded), np.uint8)
    return np.unpackbits(packed, bitorder="little")[:n].astype(bool)


def test_points_are_bytes_that_say_where_each_image_lies_and_what_was_answered(view: View) -> None:
    n = len(view.split)
    points = np.random.default_rng(0).normal(size=(n, 2)) * [3, 1] + 7
    sent = as_bytes(view, Map(points, 0.5), "some")
    head, _, rest = sent.partition(b"\n")
    assert json.loads(head) == {"name": "some", "n": n, "steps": STEPS}
    assert (len(head) + 1) % 4 == 0
    x, y, true, predicted = np.frombuffer(rest[: 8 * n], "<u2").reshape(4, n)
    assert np.array_equal(true, view.answers.y_true)
    assert np.array_equal(predicted, view.answers.y_pred)
    assert np.array_equal(np.frombuffer(rest[8 * n :], "<f4"), view.answers.confidence)
    assert (x.min(), x.max()) == (0, STEPS)
    width, height = np.ptp(points, axis=0)
    np.testing.assert_allclose(np.ptp(y.astype(int)) / STEPS, height / width, atol=1e-4)
    assert np.corrcoef(y, points[:, 1])[0, 1] < -0.999  # up on the map is up on the screen


@pytest.mark.parametrize("points", [np.zeros((3, 2)), np.full((1, 2), 5.0)])
def test_points_on_one_spot_lie_in_the_middle(points: np.ndarray) -> None:
    assert np.all(np.abs(on_square(points).astype(int) - STEPS / 2) < 1)


HOSTILE = [None, "7", -1, 100, 3.0, True, float("nan"), float("inf"), [3], {"a": 1}, 10**30]


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_what_is_no_image_is_refused(value: Any) -> None:
    with pytest.raises(SetError, match="number of an image from the map"):
        image_sent(value, 100)
    with pytest.raises(SetError, match="from the map"):
        digits_sent([5, value], 100)


@pytest.mark.parametrize("value", [None, "ab", {}, 5, list(range(MOST_DIGITS + 1))], ids=repr)
def test_what_are_no_digits_is_refused(value: Any) -> None:
    with pytest.raises(SetError, match=f"at most {MOST_DIGITS} numbers"):
        digits_sent(value, 10_000)


CORNER = [0.5, 0.5]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "abc",
        {"0": CORNER, "1": CORNER, "2": CORNER},
        [],
        [CORNER, CORNER],
        [CORNER] * (MOST_CORNERS + 1),
        *([CORNER, CORNER, odd] for odd in (None, "ab", [1], [1, 2, 3], [1, "2"], [1, [2]])),
        *([CORNER, CORNER, [0, odd]] for odd in (float("nan"), float("inf"), 1e6, True, 10**400)),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_region_is_refused(value: Any) -> None:
    with pytest.raises(SetError, match="region of 3 to 500 corners from the map"):
        outline_sent(value)


def test_a_region_and_images_are_taken_as_they_are() -> None:
    assert outline_sent([[0, 0], [1, 0], [0.5, -2]]).tolist() == [[0, 0], [1, 0], [0.5, -2]]
    assert digits_sent([3, 0], 4).tolist() == [3, 0]
    assert image_sent(99, 100) == 99


def test_what_is_mislabelled_is_no_point_and_a_set_stands_out(view: View) -> None:
    everything = marks_of(replace(view, mislabelled=np.array([4])), MapDisplay())
    assert everything.chosen is None
    assert np.flatnonzero(~everything.shown).tolist() == [4]
    of_set = replace(
        view, subset=Subset("a", np.array([4, 7, 9]), False), mislabelled=np.array([4])
    )
    beside = marks_of(of_set, MapDisplay())
    assert beside.chosen is not None
    assert np.flatnonzero(beside.chosen).tolist() == [4, 7, 9]
    assert beside.shown.sum() == len(view.split) - 1
    alone = marks_of(of_set, MapDisplay(points="set"))
    assert np.flatnonzero(alone.shown).tolist() == [7, 9]


def test_a_map_says_what_it_is_worth() -> None:
    points = np.zeros((2, 2))
    pca = words.map_in_words(Map(points, 0.871, (0.2, 0.151)), "pca", "probabilities")
    assert "35.1\N{NO-BREAK SPACE}% of the variance. Trustworthiness 0.871 (" in pca
    umap = words.map_in_words(Map(points, np.nan), "umap", "scores")
    assert umap.endswith("does not. The only layer of a linear model sees the pixels themselves.")


def test_the_page_shows_every_image_as_a_point_of_the_models_map(
    visit: Callable[..., AppTest], tiny_run: Run, mnist_5k: Dataset, tmp_path: Path
) -> None:
    app = visit(image="3")
    assert not app.exception
    (data,) = canvases(app)
    split = mnist_5k.split("validation")
    n = len(split)
    assert bits(data["shown"], n).all()
    assert (data["chosen"], data["image"], data["colour"]) == (None, 3, "truth")
    assert "Trustworthiness 0." in said(app)
    packed = next(
        o.proto for o in app.get("bidi_component") if o.proto.WhichOneof("data") == "bytes"
    )
    head, _, rest = packed.bytes.partition(b"\n")
    assert json.loads(head)["name"] == data["points"]
    x, y = np.frombuffer(rest[: 4 * n], "<u2").reshape(2, n)
    checkpoint = tiny_run.checkpoint(tiny_run.best_epoch or 1)
    expected = on_square(find_map(checkpoint, split, "pca", tmp_path).points)
    assert np.abs(np.stack([x, y], axis=1).astype(int) - expected).max() <= 2


def test_a_set_stands_out_and_its_images_are_listed_mistakes_first(
    visit: Callable[..., AppTest], view: View
) -> None:
    app = visit(set="true == 3", colour="set")
    (data,) = canvases(app)
    inside = view.split.labels == 3
    assert np.array_equal(bits(data["chosen"], len(view.split)), inside)
    assert f"{inside.sum()} images of the set, " in said(app)
    (sheet,) = [
        json.loads(one.proto.json)
        for one in app.get("bidi_component")
        if "map-sheet" in one.proto.id
    ]
    assert sorted(sheet["indices"]) == np.flatnonzero(inside).tolist()
    assert sheet["titles"] == sorted(sheet["titles"], key=lambda title: "right" in title)


def test_the_baseline_has_a_map_of_its_own_with_the_same_points_marked(
    visit: Callable[..., AppTest],
) -> None:
    shown = {"set": "index < 50", "image": "3", "epoch": "3"}
    app = visit(maps=2, baseline="two", baseline_epoch="1", **shown)
    one, other = canvases(app)
    assert one["points"] != other["points"]
    for mark in ("shown", "chosen", "image", "split", "colour"):
        assert one[mark] == other[mark]


def test_an_epoch_without_its_model_has_no_map_but_a_way_to_those_that_have(
    visit: Callable[..., AppTest], tmp_path: Path
) -> None:
    app = visit(maps=1)  # first, so that the folder is there
    (tmp_path / "models" / "tiny" / "epoch-02.keras").unlink()
    app.query_params["epoch"] = "2"
    app.run()
    assert not app.exception
    assert not canvases(app)
    assert "The model of epoch 2 was not kept, only its predictions, so a map cannot" in said(app)
    assert {button.label for button in app.button} >= {"Epoch 1", "Epoch 3, the best"}


def test_a_stopped_layout_leaves_the_way_for_the_next(
    tiny_run: Run, mnist_5k: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))
    work = mapping(tiny_run.checkpoint(1), mnist_5k.split("validation"), "umap")

    def give_up(done: int, total: int) -> None:
        if (done, total) == (0, 0):  # the process is there, and prepares
            raise jobs.GivenUpError

    for _ in range(2):
        with pytest.raises(jobs.GivenUpError):
            work(give_up)
    assert not (tmp_path / "maps").exists()
    assert "umap" not in sys.modules  # nor where pages are served
