"""Pictures dropped on the page are read, scored and kept; whoever sends what, the page stays."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.components.shared.collected import MOST, collect, collected, recollect
from mnist_core.datasets import Dataset, added
from mnist_core.own.own_digits import UNKNOWN, OwnDigits
from mnist_core.own.own_sets import own_digits_of

FRAME = Path(__file__).resolve().parents[2] / "dashboard" / "frame.py"
Upload = tuple[str, bytes, str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, bundled_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(bundled_models))
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def uploads(mnist_5k: Dataset) -> list[Upload]:
    """Ten digits named by their label, one of them wrongly, and what is no picture."""
    split = mnist_5k.split("validation")
    sent = []
    for place in range(3, 1000, 100):
        file = io.BytesIO()
        large = Image.fromarray(255 - split.images[place]).resize((112, 112))
        large.save(file, "PNG")
        label = 8 if place == 3 else split.labels[place]
        sent.append((f"{label}-{place}.png", file.getvalue(), "image/png"))
    return [*sent, ("torn.png", b"\x89PNG\r\n\x1a\n", "image/png")]


@pytest.fixture
def app(home: Path) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=120)
    app.query_params["run"] = "simple-conv"
    app.switch_page(str(Path("..") / "pages" / "pictures.py")).run()
    assert not app.exception
    return app


def settled(app: AppTest) -> AppTest:
    while any(one.label == "Stop" for one in app.button):
        app.run()
    assert not app.exception
    return app


def dropped(app: AppTest, uploads: list[Upload]) -> AppTest:
    app.file_uploader[0].set_value(uploads)
    return settled(settled(app.run()).run())


def said(app: AppTest) -> str:
    shown = (*app.markdown, *app.warning, *app.success, *app.error, *app.subheader)
    return "\n".join(str(one.value) for one in shown)


def test_pictures_are_scored_by_every_run_and_kept_under_a_name(
    app: AppTest, uploads: list[Upload], rows_of
) -> None:
    dropped(app, uploads)
    assert "torn\\.png" in said(app)
    rows = rows_of(app, "collected-scores")
    right = int(rows["simple-conv"]["Right"])
    assert right <= 9  # one is named wrongly
    assert f"{right} of 10, " in said(app)
    assert "8→0" in rows["flagship"]["Mistakes"]
    app.text_input(key="pictures-name").set_value("mine")
    settled(app.button(key="pictures-keep").click().run())
    assert "10 digits kept in mine" in said(app)
    assert "Kept in mine" in said(app)
    assert len(own_digits_of("mine")) == 10
    assert app.query_params["data"] == "mine"
    # A digit that another tab has removed meanwhile, and the set itself.
    settled(app.button(key="own-set-delete").click().run())
    assert not added.is_added("mine")
    assert "Kept in mine" not in said(app)


def test_a_name_that_cannot_be_used_is_said_and_nothing_is_lost(
    app: AppTest, uploads: list[Upload]
) -> None:
    dropped(app, uploads[:2])
    app.text_input(key="pictures-name").set_value("mnist")
    settled(app.button(key="pictures-keep").click().run())
    assert "comes along" in said(app)
    assert "of 2, " in said(app)


def test_all_without_a_label_are_labelled_at_once(app: AppTest, uploads: list[Upload]) -> None:
    dropped(app, [(f"unnamed{at}.png", *upload[1:]) for at, upload in enumerate(uploads[:3])])
    assert "none with a label yet" in said(app)
    assert app.button(key="pictures-keep").disabled
    (choice,) = [one for one in app.selectbox if one.label == "The 3 without a label are"]
    choice.set_value(0)
    settled(app.run())
    assert " of 3, " in said(app)
    settled(app.button(key="pictures-clear").click().run())
    assert any("Drop pictures of digits" in one.value for one in app.info)


def test_a_session_holds_so_many_and_says_how_many_found_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streamlit.session_state", {})
    n = MOST - 5
    digits = OwnDigits(
        np.zeros((n, 28, 28), np.uint8), np.full(n, UNKNOWN), np.array([f"{at}" for at in range(n)])
    )
    assert collect(digits) == 0
    assert collect(digits.at(np.arange(8))) == 3
    assert len(collected()) == MOST
    recollect(collected().without([0]))
    assert collected().names[0] == "1"
