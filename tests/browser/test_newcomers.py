"""The newcomers of docs/extending.md, in a copy of the project: each is where it should be."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mnist_core.runs import Run

ROOT = Path(__file__).resolve().parents[2]
FILE = re.compile(r"^`([\w/]+\.py)`:\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINES = re.compile(r"^In `([\w/]+\.py)`:\n\n```diff\n(.*?)^```", re.MULTILINE | re.DOTALL)

RUN = "small-dense"


def changed(source: str, diff: str) -> str:
    """A source with the lines of a diff taken out and put in; those around them must be there."""
    lines, place = source.split("\n"), 0
    for sign, line in ((each[0], each[1:]) for each in diff.rstrip("\n").split("\n")):
        if sign == "+":
            lines.insert(place, line)
            place += 1
            continue
        place = lines.index(line, place)
        if sign == "-":
            del lines[place]
        else:
            place += 1
    return "\n".join(lines)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, tiny_run: Run) -> Path:
    """The project with all newcomers, and one small run."""
    copy = tmp_path_factory.mktemp("copy")
    for part in ("mnist_core", "dashboard", "pages", ".streamlit"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(tiny_run.folder, copy / "models" / "tiny")
    document = (ROOT / "docs" / "extending.md").read_text()
    files, lists = FILE.findall(document), LINES.findall(document)
    assert len(files) == len(lists) == 5
    for path, text in files:
        assert not (copy / path).exists()
        (copy / path).write_text(text)
    for path, diff in lists:
        (copy / path).write_text(changed((copy / path).read_text(), diff))
    return copy


@pytest.fixture(scope="module")
def environment(copy: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(copy), "MNIST_LENS_MODELS": str(copy / "models")}


IN_A_ROW = """
import json, sys
from mnist_core.commands.main import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["mnist-lens", *words]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    print(chr(0), end="")
"""
"""Runs several commands in one process, as TensorFlow takes longer to import than they take."""

COMMANDS = {
    "train": ["train", RUN, "--epochs", "1", "--data", "letters"],
    "data": ["data", "--json"],
    "runs": ["runs", "--json"],
    "explain": ["explain", "tiny", "--index", "7", "--data", "mnist-5k", "--out", "seven.npz",
                "--method", "gradient-times-input"],
    "find": ["find", "density > 40", "--run", "tiny", "--data", "mnist-5k",
             "--split", "validation", "--json"],
}  # fmt: skip


@pytest.fixture(scope="module")
def told(copy: Path, environment: dict[str, str]) -> dict[str, str]:
    """What the copy's command line says to each of the commands, in this order."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_ROW, json.dumps([*COMMANDS.values()])],
        cwd=copy,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(COMMANDS, done.stdout.split("\0"), strict=False))


@pytest.fixture(scope="module")
def url(serve: Callable, copy: Path, environment: dict[str, str], told: dict[str, str]) -> str:
    """Of the copy, served once the commands have run."""
    return serve(copy, **environment).url


def test_the_data_set_and_the_recipe(
    url: str, visit: Callable[..., Page], told: dict[str, str]
) -> None:
    (letters,) = [one for one in json.loads(told["data"]) if one["name"] == "letters"]
    assert letters["splits"]["train"]["n"] == 26 * 40
    details = json.loads(told["runs"])
    assert [run["recipe"] for run in details if run["name"] == RUN] == [RUN]
    page = visit(f"{url}/confusion?data=letters")
    expect(page.locator('[data-testid="stSidebar"]')).to_contain_text("Letters from Pillow's own")
    expect(page.locator(".st-key-confusion-matrix")).to_contain_text("Z")
    expect(page.locator('[data-testid="stSidebar"]')).not_to_contain_text("tiny")
    page.locator(".st-key-menu").get_by_role("link", name="Overview").click()
    expect(page.locator(".st-key-run-table")).to_contain_text(RUN)


def test_the_explainer(
    url: str, visit: Callable[..., Page], told: dict[str, str], copy: Path
) -> None:
    page = visit(f"{url}/explanations?data=mnist-5k&run=tiny&image=7&method=gradient-times-input")
    expect(page.locator(".st-key-shap-maps img").first).to_be_visible()
    expect(
        page.get_by_text("Gradient × input · The slope at the image, times its difference")
    ).to_be_visible()
    page.get_by_role("combobox", name="Method").click()
    page.get_by_role("option", name="Deep SHAP").click()
    expect(page.get_by_text("Deep SHAP · Each pixel is compared with")).to_be_visible()
    assert "method=" not in page.url
    assert "Gradient × input: image 7" in told["explain"]
    with np.load(copy / "seven.npz") as found:
        assert str(found["method"]) == "gradient-times-input"
        assert found["values"].shape == (28, 28, 10)
        assert found["values"].any(axis=(0, 1)).all()


def test_the_shape_measure(url: str, visit: Callable[..., Page], told: dict[str, str]) -> None:
    dense = {image["index"] for image in json.loads(told["find"])}
    page = visit(f"{url}/confusion?data=mnist-5k&run=tiny&predicted=7")
    expect(page.locator(".st-key-cell-dossier")).to_contain_text("are denser")
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_text("CSV").click()
    with Path(download.value.path()).open(newline="") as file:
        density = {int(line["index"]): float(line["density"]) for line in csv.DictReader(file)}
    assert dense & density.keys() == {image for image, value in density.items() if value > 40}
    assert 0 < len(dense & density.keys()) < len(density)


def test_the_page(url: str, visit: Callable[..., Page]) -> None:
    page = visit(f"{url}/?data=mnist-5k&run=tiny")
    page.locator(".st-key-menu").get_by_role("link", name="Faint").click()
    expect(page.get_by_role("heading", name="Faint")).to_be_visible()
    expect(page.locator(".st-key-faint-sheet button").first).to_be_visible()
    page = visit(f"{url}/faint?data=mnist-5k&run=tiny&zoom=4")
    expect(page.locator(".st-key-faint-sheet button").first).to_be_visible()
    page.wait_for_url("**zoom=4**")
