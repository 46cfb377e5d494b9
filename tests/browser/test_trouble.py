"""Bad links, runs that go, workers and servers that die: a sentence, and on it goes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from mnist_core.runs import Run

HEADING = ".st-key-cell-images h3"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder of which runs can be taken away."""
    return tmp_path_factory.mktemp("trouble") / "models"


@pytest.fixture(scope="module")
def own_server(serve: Callable[..., Any], models: Path) -> Any:
    """A dashboard on that folder, whose workers may be killed."""
    return serve(MNIST_LENS_MODELS=str(models), MNIST_LENS_CACHE=str(models.parent / "cache"))


@pytest.fixture
def two_runs(tiny_run: Run, models: Path) -> None:
    """Two runs in the folder, both whole."""
    shutil.rmtree(models, ignore_errors=True)
    for name in ("kept", "passing"):
        shutil.copytree(tiny_run.folder, models / name)


def descendants(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found, parents = [], [pid]
    while parents:
        parent = parents.pop()
        children = [child for child, its_parent in pairs if its_parent == parent]
        found += children
        parents += children
    return found


def is_alive(pid: int) -> bool:
    status = Path("/proc", str(pid), "status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_a_bad_link_gets_sentences_and_the_nearest_things(
    server: Any, visit: Callable[..., Page]
) -> None:
    page = visit(f"{server.url}/confusion?run=nowhere&epoch=x&true=77&split=../test&image=99999999")
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(5)
    expect(alerts.filter(has_text="There is no run named “nowhere”")).to_be_visible()
    expect(alerts.filter(has_text="epoch should be a whole number")).to_be_visible()
    expect(page.locator('button[data-true="0"][data-predicted="0"]')).to_be_visible()
    assert "Traceback" not in page.content()


def test_a_link_can_put_nothing_of_its_own_on_the_page(
    server: Any, visit: Callable[..., Page]
) -> None:
    picture, link = "![x](http://127.0.0.1:9/p.png)", "[Log in again](http://127.0.0.1:9)"
    page = visit(f"{server.url}/?{urlencode({'run': picture, 'split': link})}")
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(2)
    expect(alerts.filter(has_text="[Log in again](http")).to_be_visible()
    assert alerts.locator("a, img").count() == 0


def test_a_run_deleted_meanwhile_is_told_in_a_sentence(
    own_server: Any,
    models: Path,
    two_runs: None,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
) -> None:
    page = visit(f"{own_server.url}/confusion?run=passing&epoch=2")
    shutil.rmtree(models / "passing")
    page.locator('button[data-true="7"][data-predicted="2"]').click()
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("There is no run named “passing”; this is kept.")
    expect(page.locator(HEADING)).to_contain_text("True 7 → predicted 2")
    page.wait_for_url("**run=kept**")
    page.reload()
    settled(page)
    expect(page.locator(HEADING)).to_contain_text("True 7 → predicted 2")
    assert "Traceback" not in page.content()


def test_a_torn_model_file_is_told_in_a_sentence(
    own_server: Any, models: Path, two_runs: None, visit: Callable[..., Page]
) -> None:
    torn = models / "passing" / "epoch-01.keras"
    torn.write_bytes(torn.read_bytes()[:1000])
    page = visit(f"{own_server.url}/confusion?run=passing&epoch=1")
    expect(page.get_by_test_id("stAlert")).to_contain_text("Expected a Keras model in epoch-01")
    assert "Traceback" not in page.content()


def test_a_worker_killed_between_two_clicks_is_replaced(
    own_server: Any, two_runs: None, visit: Callable[..., Page]
) -> None:
    page = visit(f"{own_server.url}/confusion?run=kept&epoch=1&true=1&predicted=1")
    page.set_viewport_size({"width": 1280, "height": 1000})  # a list closes when it is scrolled
    expect(page.locator(HEADING)).to_contain_text("True 1 → predicted 1")
    workers = descendants(own_server.process.pid)
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    # Another epoch, whose predictions nobody has asked for yet.
    page.get_by_role("combobox", name="Epoch").click()
    page.get_by_role("option").nth(1).click()
    expect(page.get_by_text("kept · epoch 2 of 3")).to_be_visible()
    expect(page.locator(HEADING)).to_contain_text("True 1 → predicted 1")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_without_runs_the_page_says_how_to_make_one(
    own_server: Any, models: Path, visit: Callable[..., Page]
) -> None:
    shutil.rmtree(models, ignore_errors=True)
    for path in ("", "confusion"):
        page = visit(f"{own_server.url}/{path}")
        expect(page.get_by_text("mnist-lens train simple-conv")).to_be_visible()


def test_a_server_killed_hard_leaves_no_orphan(own_server: Any) -> None:
    """The last test of this server."""
    deadline = time.monotonic() + 30
    while len(workers := descendants(own_server.process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(workers) >= 2
    own_server.process.kill()
    own_server.process.wait()
    while any(map(is_alive, workers)) and time.monotonic() < deadline + 30:
        time.sleep(0.1)
    assert not [worker for worker in workers if is_alive(worker)]
