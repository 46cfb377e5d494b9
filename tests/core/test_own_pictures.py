"""Pictures of one's own: labelled by their names, read by every run, scored, shown step by step."""

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_core.commands.main import main
from mnist_core.datasets import Dataset
from mnist_core.own.labels import label_in
from mnist_core.own.taking import take_digits
from mnist_core.pictures.sketch import to_mnist
from mnist_core.pictures.steps import steps_of
from mnist_core.statistics import wilson_interval

DIGITS = tuple("0123456789")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("7.png", 7),
        ("7-anna.png", 7),
        ("7_2.jpg", 7),
        ("7 (2).png", 7),
        ("7/anna.png", 7),
        ("7/3.png", 7),
        ("all/7/3-b.png", 7),
        ("IMG_7.png", None),
        ("2024-photo.png", None),
        ("10.png", None),
        ("7anna.png", None),
        ("-7.png", None),
        (".png", None),
    ],
)
def test_a_name_says_the_label_or_nothing(name: str, label: int | None) -> None:
    assert label_in(name, DIGITS) == label


def test_names_of_classes_may_have_dashes_and_capitals() -> None:
    assert label_in("t-shirt-2.png", ("T-shirt", "Bag")) == 0
    assert label_in("a.png", ("A", "a")) == 1
    assert label_in("é.png", ("A", "a")) is None


def drawn(*columns: int, width: int = 8) -> np.ndarray:
    """Upright bars on white paper."""
    sheet = Image.new("L", (60 * len(columns) + 60, 120), 255)
    for column in columns:
        ImageDraw.Draw(sheet).line([(column, 20), (column, 100)], 0, width)
    return np.asarray(sheet)


def test_a_picture_without_a_label_gives_each_of_its_digits_with_its_place() -> None:
    told: list[tuple[int, int]] = []
    taken, refused = take_digits(
        [("row.png", lambda: drawn(40, 120)), ("1.png", lambda: drawn(40, 120)),
         ("blank.png", lambda: np.full((50, 50), 255, np.uint8))],
        DIGITS,
        report=lambda *so_far: told.append(so_far),
    )  # fmt: skip
    assert [(one.name, one.true) for one in taken] == [
        ("row.png", None),
        ("row.png", None),
        ("1.png", 1),
    ]
    assert taken[0].box == (20 / 120, 101 / 120, 37 / 180, 45 / 180)
    assert [one.name for one in refused] == ["blank.png"]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_the_steps_lead_from_the_picture_to_the_image() -> None:
    sketch = to_mnist(drawn(60, width=5))
    assert sketch is not None
    steps = {step.name: step.image for step in steps_of(sketch)}
    assert list(steps) == ["paper", "ink", "crop", "scale", "stroke", "centre"]
    assert (steps["centre"] == sketch.image).all()
    assert steps["paper"].max() > 100
    assert steps["paper"][:, :3].max() == 0  # ink is light on dark, whatever it was
    lit = {name: np.flatnonzero(image.any(axis=1)) for name, image in steps.items()}
    assert (lit["crop"][0], lit["crop"][-1]) == (0, 27)
    assert (lit["scale"][0], lit["scale"][-1]) == (4, 23)
    # A bar of 5 in 81 is thinner than 2 in 20, and becomes 2.6 wide.
    assert abs(steps["scale"][14].sum() / 255 - 20 * 5 / 81) < 0.2
    assert abs(steps["stroke"][14].sum() / 255 - 2.6) < 0.35


@pytest.fixture
def mnist_lens(
    tiny_run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mnist-lens", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capsys.readouterr())

    return call


@pytest.fixture
def folder(tmp_path: Path, mnist_5k: Dataset) -> Path:
    split = mnist_5k.split("validation")
    (tmp_path / "own").mkdir()
    for number, place in enumerate(range(5, 1000, 100)):
        name = f"{split.labels[place]}-{number}.png"
        Image.fromarray(split.images[place]).resize((112, 112)).save(tmp_path / "own" / name)
    # Said to be what it is not, to be a mistake for certain.
    Image.fromarray(split.images[5]).resize((112, 112)).save(tmp_path / "own" / "8-no.png")
    Image.fromarray(drawn(100)).save(tmp_path / "own" / "unnamed.png")
    return tmp_path / "own"


def test_a_folder_and_a_zip_of_it_are_scored_alike(
    mnist_lens: Callable[..., tuple[int, str, str]], folder: Path, tmp_path: Path
) -> None:
    code, out, err = mnist_lens("predict", str(folder), "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    labelled = [one for one in found["readings"] if one["true"] is not None]
    assert len(found["readings"]) == 12
    (score,) = found["scores"]
    right = sum(one["true"] == one["label"] for one in labelled)
    assert (score["n"], score["right"]) == (11, right)
    assert score["interval"] == pytest.approx(wilson_interval(right, 11))
    matrix = np.zeros((10, 10), int)
    for one in labelled:
        matrix[one["true"], one["label"]] += 1
    assert score["confusion_matrix"] == matrix.tolist()
    wrong = [one["file"] for one in labelled if one["true"] != one["label"]]
    assert [one["file"] for one in score["mistakes"]] == wrong
    assert any(name.endswith("8-no.png") for name in wrong)

    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"anywhere/{path.name}")
    packed = json.loads(mnist_lens("predict", str(tmp_path / "own.zip"), "--json")[1])
    assert packed["scores"][0]["confusion_matrix"] == matrix.tolist()

    code, out, _ = mnist_lens("predict", str(folder))
    assert f"{right} of 11 with a label right, " in out
    assert "8-no.png: 8→" in out


def test_every_run_is_asked_and_a_list_of_pictures_stays_a_list(
    mnist_lens: Callable[..., tuple[int, str, str]], folder: Path
) -> None:
    paths = sorted(map(str, folder.glob("*.png")))
    found = json.loads(mnist_lens("predict", *paths, "--json")[1])
    assert [one["file"] for one in found] == paths
    out = mnist_lens("predict", str(folder), "--all-runs")[1]
    assert out.splitlines()[1].split()[0] == "tiny"
    assert mnist_lens("predict", *paths, "--all-runs", "--run", "tiny")[0] == 2


def test_steps_are_written_into_a_new_folder_or_not_at_all(
    mnist_lens: Callable[..., tuple[int, str, str]], folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "deep" / "steps"
    code, _, _ = mnist_lens("predict", str(folder / "unnamed.png"), "--steps", str(target))
    names = sorted(path.name for path in target.iterdir())
    assert names[0] == "0001-unnamed-1-paper.png"
    assert names[-1] == "0001-unnamed-6-centre.png"
    assert len(names) == 6
    sketch = to_mnist(drawn(100))
    assert sketch is not None
    assert (np.asarray(Image.open(target / names[-1])) == 255 - sketch.image).all()
    code, _, err = mnist_lens("predict", str(folder), "--steps", str(target))
    assert (code, "something" in err) == (2, True)
    assert len(list(target.iterdir())) == 6
    assert [path.name for path in target.parent.iterdir()] == ["steps"]


def test_a_hostile_archive_is_one_line(
    mnist_lens: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("../7.png", b"")
    code, out, err = mnist_lens("predict", str(tmp_path / "out.zip"), "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "leads out of it" in err
