"""What an analyst does with learning curves; runs that come and grow while the page is open."""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mnist_core.runs import Run, read_run


@pytest.fixture(scope="module")
def models(tiny_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training-page") / "models"
    shutil.copytree(tiny_run.folder, folder / "tiny")
    return folder


@pytest.fixture(scope="module")
def own_server(serve: Callable[..., Any], models: Path) -> Any:
    return serve(MNIST_LENS_MODELS=str(models), MNIST_LENS_CACHE=str(models.parent / "cache"))


def hold_when(run: subprocess.Popen, happened: Callable[[], bool]) -> None:
    """Make a training wait at that moment, for as long as the page needs to be looked at."""
    while not happened():
        assert run.poll() is None, "the training has ended before"
        time.sleep(0.002)
    run.send_signal(signal.SIGSTOP)


def test_a_run_in_training_comes_grows_and_ends_before_the_readers_eyes(
    own_server: Any, models: Path, visit: Callable[..., Page]
) -> None:
    page = visit(f"{own_server.url}/training?run=tiny")
    legend, live = page.locator(".run-legend"), page.locator(".st-key-live-runs")
    expect(legend).to_contain_text("tiny")
    command = [sys.executable, "-m", "mnist_core", "train", "dense-256"]
    options = ["--data", "mnist-5k", "--epochs", "4", "--name", "newcomer"]
    environment = {**os.environ, "MNIST_LENS_MODELS": str(models)}
    with subprocess.Popen([*command, *options], env=environment, stdout=subprocess.DEVNULL) as run:
        try:
            hold_when(run, (models / "newcomer").exists)
            expect(live).to_contain_text("newcomer is training: 0 of at most 4 epochs done")
            run.send_signal(signal.SIGCONT)
            hold_when(run, lambda: len(read_run(models, "newcomer").history) > 0)
            expect(live).to_contain_text(re.compile("[1-3] of at most 4 epochs done, at most"))
            expect(legend).to_contain_text("newcomer")
            run.send_signal(signal.SIGCONT)
            assert run.wait(120) == 0
        finally:
            run.kill()
    expect(live).not_to_contain_text("newcomer")
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option").filter(has_text="newcomer").click()
    expect(page.get_by_text("newcomer · 203,530 parameters · finished")).to_be_visible()


def children(process: subprocess.Popen) -> set[str]:
    """The processes that a process has started and that still run."""
    command = ["ps", "-o", "pid=", "--ppid", str(process.pid)]
    return {*subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()}


def test_a_dropped_folder_is_imported_by_a_button_and_can_be_stopped_and_taken_up_again(
    own_server: Any, models: Path, tiny_run: Run, visit: Callable[..., Page]
) -> None:
    (models / "dropped").mkdir()
    shutil.copy(tiny_run.checkpoint(2).path, models / "dropped" / "model-02.keras")
    page, before = visit(own_server.url), children(own_server.process)
    expect(page.get_by_text("dropped cannot be used")).to_be_visible()
    page.get_by_role("button", name="Import dropped").click()
    page.get_by_role("button", name="Stop", exact=True).click()  # TensorFlow is still loading
    assert children(own_server.process) > before
    expect(page.get_by_text("Stopped.", exact=True)).to_be_visible()
    for _ in range(200):  # nobody asks any more: the process is ended
        if children(own_server.process) <= before:
            break
        time.sleep(0.1)
    assert children(own_server.process) <= before
    assert [path.name for path in (models / "dropped").iterdir()] == ["model-02.keras"]
    assert not list(models.glob(".dropped.*"))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("dropped cannot be used")).to_have_count(0)
    assert read_run(models, "dropped").state == "imported"
    page.goto(f"{own_server.url}/training?run=dropped")
    expect(page.get_by_text("Imported from dropped.")).to_be_visible()
    expect(page.get_by_text("Input scale 0-255 chosen by accuracy on")).to_be_visible()


def test_an_import_shows_how_far_it_is_can_be_stopped_and_holds_nobody_up(
    own_server: Any, models: Path, tiny_run: Run, visit: Callable[..., Page]
) -> None:
    folder = models / "slow"
    folder.mkdir()
    for epoch in range(1, 61):
        shutil.copy(tiny_run.checkpoint(2).path, folder / f"epoch-{epoch:02d}.keras")
    page = visit(own_server.url)
    page.get_by_role("button", name="Import slow").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text(re.compile("Importing slow · about [0-9]+ s left"))).to_be_visible()
    assert list(models.glob(".slow.*"))
    other = visit(f"{own_server.url}/confusion?run=tiny&image=7")
    expect(other.locator(".st-key-image-detail")).to_be_visible()  # meanwhile
    assert list(models.glob(".slow.*"))
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    for _ in range(200):
        if not list(models.glob(".slow.*")):
            break
        time.sleep(0.1)
    assert sorted(path.name for path in models.glob("*slow*")) == ["slow"]
    assert len(list(folder.iterdir())) == 60
    shutil.rmtree(folder)


def test_an_import_that_fails_says_why_beside_its_button(
    own_server: Any, models: Path, visit: Callable[..., Page]
) -> None:
    (models / "broken").mkdir()
    (models / "broken" / "epoch-1.keras").write_text("no model")
    page = visit(own_server.url)
    page.get_by_role("button", name="Import broken").click()
    expect(page.get_by_role("alert")).to_contain_text("Expected one or more model files that fit.")
    expect(page.get_by_role("button", name="Import broken")).to_be_visible()
    expect(page.get_by_text("Most confused")).to_be_visible()
    shutil.rmtree(models / "broken")


def test_the_histories_on_the_chart_can_be_taken_away(
    server: Any, visit: Callable[..., Page], bundled_models: Path, tmp_path: Path
) -> None:
    page = visit(f"{server.url}/training?run=simple-conv&curves=simple-conv,dense-256")
    with page.expect_download() as download:
        page.locator(".st-key-curve-controls").get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open() as file:
        lines = list(csv.DictReader(file))
    expected = [
        (name, str(record.epoch), str(record.validation_loss))
        for name in ("simple-conv", "dense-256")
        for record in read_run(bundled_models, name).history
    ]
    assert [(line["run"], line["epoch"], line["validation_loss"]) for line in lines] == expected


def test_how_curves_are_drawn_is_chosen_and_kept_in_the_link(
    server: Any, visit: Callable[..., Page], settled: Callable[[Page], None]
) -> None:
    page = visit(f"{server.url}/training?run=simple-conv&curves=simple-conv")
    page.get_by_role("radio", name="Validation", exact=True).click()
    page.wait_for_url(lambda url: "lines=validation" in url)
    settled(page)
    page.get_by_role("button", name="Axes").click()
    page.get_by_role("radio", name="Minutes of training").click()
    page.wait_for_url(lambda url: "along=minutes" in url)
    settled(page)
    chart = page.locator(".st-key-learning-curves .js-plotly-plot").nth(1)
    expect(chart).to_contain_text("Minutes of training")
    expect(chart.locator(".scatterlayer .trace")).to_have_count(1)
    again = visit(page.url)
    expect(again.locator(".st-key-learning-curves .js-plotly-plot").nth(1)).to_contain_text(
        "Minutes of training"
    )


def test_what_to_compare_with_is_chosen_in_the_sidebar_and_answered_in_words(
    server: Any, visit: Callable[..., Page], settled: Callable[[Page], None]
) -> None:
    page = visit(f"{server.url}/training?run=simple-conv")
    page.set_viewport_size({"width": 1280, "height": 1000})  # a list closes when it is scrolled
    settled(page)
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option").filter(has_text="dense-256").click()
    difference = page.locator(".st-key-difference")
    expect(difference).to_contain_text("Compared with dense-256 · epoch 5")
    expect(difference).to_contain_text("more than chance")
    settled(page)
    page.get_by_role("link", name="Confusion").click()
    expect(page.locator("h1")).to_have_text("Confusion")
    expect(difference).to_contain_text("Compared with dense-256 · epoch 5")
