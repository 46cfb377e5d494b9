"""The lower half of the data set page: twins, drift, and data sets added and removed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_core.datasets import Dataset, Split, added

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("dashboard.components.shared.long_work.FIRST_WAIT", 60)
    st.cache_resource.clear()

    def run(**query: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(str(Path("..") / "pages" / "dataset.py")).run()

    return run


def planted(mnist_5k: Dataset) -> Dataset:
    """Of five test images one is in train too, and another, moved to the left, in another class."""
    train = mnist_5k.split("train")
    images = train.images[[3, 900, 1300, 1700, 2100]].copy()
    images[1] = np.roll(images[1], -1, axis=1)
    labels = train.labels[[3, 900, 1300, 1700, 2100]].copy()
    labels[1] = (labels[1] + 1) % 10
    learned = np.array([3, 900, 200, 600, 1000, 1400])
    return Dataset(
        "planted",
        "Planted",
        {
            "train": Split("train", train.images[learned], train.labels[learned]),
            "test": Split("test", images, labels),
        },
        source="this test",
    )


def texts(app: AppTest) -> str:
    return " ".join(element.value for kind in ("markdown", "caption") for element in app.get(kind))


def test_twins_are_counted_and_lead_to_both_images(visit, mnist_5k) -> None:
    added.write(planted(mnist_5k))
    app = visit(data="planted", split="test", below="twins")
    assert not app.exception
    found = "test in train: 2 of 5 images have a twin, 1 the same in every pixel, 1 one of another"
    assert found in texts(app)
    (pairs,) = [
        html.proto.body
        for html in app.get("html")
        if html.proto.body.startswith('<div class="twin-pairs')
    ]
    first, second = re.findall(r"<figure.*?</figure>", pairs)
    assert "Different classes" in first
    assert "the same, moved left" in first
    assert "the same in every pixel" in second
    links = [parse_qs(unescape(link)) for link in re.findall(r'href="dataset\?(.*?)"', pairs)]
    assert [(link["split"], link["image"]) for link in links] == [
        (["test"], ["1"]),
        (["train"], ["1"]),
        (["test"], ["0"]),
        (["train"], ["0"]),
    ]
    there = {name: value for name, (value,) in links[1].items()}
    assert there["data"] == "planted"
    assert not visit(**there).exception


def test_drift_is_measured_from_the_split_that_is_chosen(visit, mnist_5k, rows_of) -> None:
    train = mnist_5k.split("train")
    faint = Split("test", train.images[::40] // 2, train.labels[::40])
    added.write(Dataset("faint", "Faint", {"test": faint}, source="this test"))
    app = visit(data="faint", below="drift", against="mnist-5k/train")
    assert not app.exception
    assert "faint test differs from MNIST 5k train in 2 of 8 measures" in texts(
        app
    ).lower().replace("mnist", "MNIST").replace("\\", "")
    rows = rows_of(app, "drift")
    assert rows["darkest level"]["Its images"] == "are fainter"
    assert rows["ink"]["Shift"].startswith("−")
    assert rows["width"]["Its images"] == "no difference shown"


def test_drift_is_measured_from_another_split_where_the_one_asked_for_is_gone(visit) -> None:
    app = visit(data="mnist-5k", split="validation", below="drift", against="gone/test")
    assert not app.exception
    assert "validation differs from train in" in texts(app)
    (chosen,) = [box for box in app.selectbox if box.label == "Held against"]
    assert chosen.value == "mnist-5k/train"


def test_one_split_alone_has_no_twins(visit, mnist_5k) -> None:
    added.write(Dataset("own", "Own", {"test": mnist_5k.split("validation")}, source="this test"))
    app = visit(data="own", below="twins")
    assert not app.exception
    assert "has one split alone" in app.info[0].value


def npz(images: np.ndarray, labels: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, x_train=images, y_train=labels, x_test=images[:7], y_test=labels[:7])
    return file.getvalue()


def add_file(app: AppTest, name: str, content: bytes, called: str) -> AppTest:
    app.file_uploader[0].set_value([(name, content, "")]).run()
    next(field for field in app.text_input if field.label == "Name").input(called).run()
    return next(button for button in app.button if button.label == "Add").click().run()


def test_a_file_that_is_sent_becomes_a_data_set_and_is_removed_once_asked(visit, mnist_5k) -> None:
    train = mnist_5k.split("train")
    app = visit(data="mnist-5k", below="own")
    app = add_file(app, "own.npz", npz(train.images[::50], train.labels[::50]), "my-own")
    assert not app.exception
    assert app.success[0].value == r"my\-own was added."
    assert "my-own test, 7 images · from the file own.npz" in texts(app)
    (listed,) = [each.value for each in app.markdown if each.value.startswith("my")]
    assert listed.replace("\\", "").startswith(
        "my-own: train 70, validation 10, test 7; 10 classes"
    )
    next(button for button in app.button if button.label == r"Remove my\-own").click()
    app.run()
    assert not app.exception
    assert added.added_names() == ()
    assert app.success[0].value == r"my\-own was removed."
    assert not app.warning
    assert "MNIST validation" in texts(app)


def test_what_cannot_be_added_is_said_and_nothing_is_kept(visit, mnist_5k) -> None:
    app = add_file(visit(data="mnist-5k", below="own"), "own.npz", b"torn", "my-own")
    assert "that can be read whole in" in app.error[0].value
    app = add_file(visit(data="mnist-5k", below="own"), "own.npz", b"torn", "Own/..")
    assert "a name of 1 to 40 small letters" in app.error[0].value
    assert added.added_names() == ()


def test_a_data_set_removed_elsewhere_while_on_show_is_let_go_with_a_sentence(
    visit, mnist_5k
) -> None:
    added.write(planted(mnist_5k))
    app = visit(data="planted", below="own")
    added.remove("planted")
    app.run()
    assert not app.exception
    said = [each.value for kind in (app.warning, app.info, app.caption) for each in kind]
    assert any("There is no data set named" in each for each in said)
