"""An import in a process of its own ends in a run or in one sentence, and leaves nothing else."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mnist_core.errors import RunError
from mnist_core.importing import apart, import_apart
from mnist_core.importing.source_folder import check_source
from mnist_core.importing.takeover import ORIGINALS, put_back
from mnist_core.runs import Run, read_run

ROOT = Path(__file__).resolve().parents[2]


class StoppedError(Exception):
    """What a caller raises who does not want the import any more."""


@pytest.fixture
def dropped(tmp_path: Path, tiny_run: Run) -> Path:
    folder = tmp_path / "models" / "dropped"
    folder.mkdir(parents=True)
    for epoch in (1, 2, 3):
        shutil.copy(tiny_run.checkpoint(1).path, folder / f"epoch-{epoch}.keras")
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_imported_with_progress(dropped):
    steps: list[tuple[int, int]] = []
    import_apart(dropped, lambda done, total: steps.append((done, total)))
    assert (0, 3) in steps
    assert steps[-1] == (3, 3)
    assert read_run(dropped.parent, "dropped").state == "imported"
    assert names_in(dropped.parent) == ["dropped"]


def test_whoever_stops_an_import_kills_it_and_finds_the_folder_as_it_was(dropped, started):
    def stop(done: int, total: int) -> None:
        if any(path.name.startswith(".") for path in dropped.parent.iterdir()):
            raise StoppedError

    with pytest.raises(StoppedError):
        import_apart(dropped, stop)
    assert [process.returncode for process in started] == [-signal.SIGKILL]
    assert names_in(dropped.parent) == ["dropped"]
    assert names_in(dropped) == ["epoch-1.keras", "epoch-2.keras", "epoch-3.keras"]


def test_what_an_import_says_is_raised_here(dropped):
    for path in dropped.iterdir():
        path.write_bytes(b"no model")
    with pytest.raises(RunError, match=r"one or more model files that fit.*epoch-3\.keras"):
        import_apart(dropped, lambda done, total: None)
    assert names_in(dropped.parent) == ["dropped"]


def test_an_import_that_is_killed_ends_in_one_sentence(dropped, started):
    def kill(done: int, total: int) -> None:
        if total:
            started[0].kill()

    with pytest.raises(RunError, match=r"with 4 GB of memory\. Received: .* \(SIGKILL\)"):
        import_apart(dropped, kill)
    assert names_in(dropped.parent) == ["dropped"]


def test_an_import_that_takes_too_long_is_stopped(dropped, monkeypatch):
    monkeypatch.setattr(apart, "MOST_SECONDS", 0)
    with pytest.raises(RunError, match="took longer and was stopped"):
        import_apart(dropped, lambda done, total: None)
    assert names_in(dropped.parent) == ["dropped"]


def test_an_import_may_have_four_gigabytes_and_no_more():
    code = """if True:
        from mnist_core.inference.memory_limit import limit_address_space
        limit_address_space()
        held = [bytearray(1 << 30)]
        try:
            held += [bytearray(1 << 30) for _ in range(3)]
        except MemoryError:
            print("refused after", len(held))
    """
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "refused after 1\n"


def test_an_import_ends_with_whoever_started_it(dropped):
    code = f"""if True:
        import os, pathlib, signal
        from mnist_core.importing import import_apart
        folder = pathlib.Path({str(dropped)!r})
        def die(done, total):
            if any(path.name.startswith(".") for path in folder.parent.iterdir()):
                os.kill(os.getpid(), signal.SIGKILL)
        import_apart(folder, die)
    """
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert ran.returncode == -signal.SIGKILL
    until = time.monotonic() + 60
    while names_in(dropped.parent) != ["dropped"] and time.monotonic() < until:
        time.sleep(0.1)
    assert names_in(dropped.parent) == ["dropped"]


def test_what_stands_in_the_hidden_folder_of_a_killed_import_is_put_back(tmp_path):
    new, folder = tmp_path / ".dropped.1", tmp_path / "dropped"
    (new / ORIGINALS).mkdir(parents=True)
    (new / ORIGINALS / "model.keras").touch()
    (new / "run.json").touch()
    put_back(new, folder)
    assert names_in(tmp_path) == ["dropped"]
    assert names_in(folder) == ["model.keras"]


def test_a_folder_of_too_much_is_refused_before_anything_is_opened(tmp_path):
    large, many, odd = tmp_path / "large", tmp_path / "many", tmp_path / "odd"
    for folder in (large, many, odd):
        (folder / "within").mkdir(parents=True)
    with (large / "within" / "model.keras").open("wb") as file:
        file.truncate(4_000_000_001)  # a hole: no disk is needed
    for number in range(1_001):
        (many / "within" / f"{number}.keras").touch()
    os.mkfifo(odd / "within" / "log.csv")
    for folder in (large, many):
        with pytest.raises(RunError, match=r"at most 1,000 files and 4 GB in"):
            check_source(folder)
    with pytest.raises(RunError, match="a named pipe"):
        check_source(odd)
