"""All visitors share what is known of a run, until it changes on disk."""

import shutil
from pathlib import Path

import pytest

from dashboard.loading.run_list import list_runs, load_run
from mnist_core import runs
from mnist_core.runs import Run


def test_a_run_is_the_same_object_for_all_until_it_changes(
    tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tmp_path))
    shutil.copytree(tiny_run.folder, tmp_path / "tiny")
    first = load_run("tiny")
    assert load_run("tiny") is first
    assert list_runs()[0] is first
    history = tmp_path / "tiny" / "history.csv"
    history.write_text("".join(history.read_text().splitlines(keepends=True)[:-1]))
    changed = load_run("tiny")
    assert changed is not first
    assert changed == runs.read_run(tmp_path, "tiny")
    assert len(changed.history) == len(first.history) - 1
    assert list_runs()[0] is changed
