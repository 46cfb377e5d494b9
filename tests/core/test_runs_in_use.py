"""A run belongs to the process that trains it for as long as that lives."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mnist_core import runs
from mnist_core.errors import RunError
from mnist_core.runs import read_run

HOLD_THE_LOCK = """
import sys
from pathlib import Path
from mnist_core import runs
with runs.in_use(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def process_training(folder: Path) -> Iterator[None]:
    """A living process that holds the run's lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield
        process.kill()


def test_a_training_whose_process_is_gone_reads_as_stopped(models, make_run):
    folder = make_run(models, "one", state="training")
    assert read_run(models, "one").state == "stopped"
    with process_training(folder):
        pass
    assert (folder / ".lock").exists()
    assert read_run(models, "one").state == "stopped"


def test_a_training_whose_process_lives_reads_as_training(models, make_run):
    folder = make_run(models, "one", state="training")
    with process_training(folder):
        assert read_run(models, "one").state == "training"
        assert read_run(models, "one").state == "training", "reading must not free the lock"


def test_a_run_in_use_cannot_be_used_by_a_second_process(models, make_run):
    folder = make_run(models, "one")
    busy = pytest.raises(RunError, match="another process is training it")
    with process_training(folder), busy, runs.in_use(folder):
        pass
    with runs.in_use(folder):
        assert runs.is_in_use(folder)
    assert not runs.is_in_use(folder)


def test_a_run_whose_lock_cannot_be_made_is_one_clear_error(open_folder, make_run, ordinary_user):
    folder = make_run(open_folder, "one")
    with (
        ordinary_user(),
        pytest.raises(RunError, match="Name a writable folder"),
        runs.in_use(folder),
    ):
        pass


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_no_lock_is_neither_waited_for_nor_written_to(models, make_run, kind):
    folder = make_run(models, "one", state="training")
    elsewhere = models / "elsewhere"
    if kind == "folder":
        (folder / ".lock").mkdir()
    elif kind == "pipe":
        os.mkfifo(folder / ".lock")
    else:
        (folder / ".lock").symlink_to(elsewhere)
    with pytest.raises(RunError, match=r"Expected a regular file as \.lock in one"):
        read_run(models, "one")
    with (
        pytest.raises(RunError, match=r"Expected a regular file as \.lock in one"),
        runs.in_use(folder),
    ):
        pass
    assert not elsewhere.exists()
