"""The served process leaves garbage to Python's automatic collection, however many have visited."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

CLICKS = 8

WITNESS = """
import gc, os
log = os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def collected(phase, info):
    if phase == "stop":
        os.write(log, b"%d %d %d\\n" % (os.getpid(), info["generation"], gc.get_freeze_count()))
gc.callbacks.append(collected)
"""
"""Is imported by every Python that starts, and writes down each collection: process, generation and
how many objects are frozen."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "collections.txt"
    (tmp_path / "sitecustomize.py").write_text(WITNESS.format(log=str(file)))
    return file


def test_a_click_has_no_full_collection_behind_it_and_nothing_more_is_frozen(
    log: Path,
    serve: Callable[..., Any],
    bundled_models: Path,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
) -> None:
    paths = [str(log.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    server = serve(PYTHONPATH=os.pathsep.join(paths), MNIST_LENS_MODELS=str(bundled_models))

    def collections() -> list[tuple[int, int]]:
        rows = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
        return [
            (generation, frozen) for pid, generation, frozen in rows if pid == server.process.pid
        ]

    page = visit(f"{server.url}/confusion?run=simple-conv&true=1&predicted=1")
    before = collections()
    for predicted in range(CLICKS):
        page.locator(f'button[data-true="2"][data-predicted="{predicted}"]').click()
        settled(page)
    since = collections()[len(before) :]
    assert since, "Python's automatic collection should be on"
    assert sum(generation == 2 for generation, _ in since) < CLICKS / 2
    assert 0 < max(frozen for _, frozen in since) <= before[-1][1]
