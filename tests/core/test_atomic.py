"""A reader sees whole files only, however the writer ends."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from mnist_core.files import atomic

SIZE = 200_000
WRITE_FOREVER = f"""
import itertools, sys
from pathlib import Path
from mnist_core.files import atomic
print("ready", flush=True)
for number in itertools.count():
    atomic.write_bytes(Path(sys.argv[1]), bytes([number % 256]) * {SIZE})
"""


def is_whole(content: bytes) -> bool:
    return len(content) == SIZE and content == content[:1] * SIZE


def test_a_reader_during_saves_sees_only_whole_files(tmp_path):
    path = tmp_path / "file.bin"
    atomic.write_bytes(path, bytes(SIZE))
    whole, seen = [], set()
    done = threading.Event()

    def read_in_a_loop() -> None:
        while not done.is_set():
            content = path.read_bytes()
            whole.append(is_whole(content))
            seen.add(content[:1])

    reader = threading.Thread(target=read_in_a_loop)
    reader.start()
    try:
        for number in range(100):
            atomic.write_bytes(path, bytes([number]) * SIZE)
    finally:
        done.set()
        reader.join()
    assert all(whole)
    assert len(seen) > 10, "the reader was too slow to prove anything"


def test_a_block_that_raises_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")

    def fail_midway() -> None:
        with atomic.replacing(path) as part:
            part.write_bytes(b"half of the ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_midway()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_writes_nothing_is_an_error_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    with pytest.raises(FileNotFoundError), atomic.replacing(path):
        pass
    assert path.read_bytes() == b"old"


def test_the_part_is_a_dot_file_beside_its_target_with_the_same_suffix(tmp_path):
    with atomic.replacing(tmp_path / "epoch-01.keras") as part:
        assert part.parent == tmp_path
        assert part.name.startswith(".")
        assert part.suffix == ".keras"
        part.write_bytes(b"new")
    assert (tmp_path / "epoch-01.keras").read_bytes() == b"new"


def test_text_is_stored_as_utf_8(tmp_path):
    atomic.write_text(tmp_path / "words.txt", "größer – 数\n")
    assert (tmp_path / "words.txt").read_bytes() == "größer – 数\n".encode()


def test_file_and_folder_are_flushed_to_the_disk_before_and_after_the_swap(tmp_path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        calls.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def watched_replace(source: os.PathLike, target: os.PathLike) -> None:
        calls.append("swap")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    atomic.write_bytes(tmp_path / "file.bin", b"new")
    assert calls == [(tmp_path / "file.bin").stat().st_ino, "swap", tmp_path.stat().st_ino]


def test_a_process_killed_while_it_writes_leaves_a_whole_file(tmp_path):
    path = tmp_path / "file.bin"
    for attempt in range(10):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOREVER, path], stdout=subprocess.PIPE
        )
        with writer:
            writer.stdout.readline()
            while not path.exists():
                time.sleep(0.001)
            time.sleep(0.003 * attempt)
            writer.send_signal(signal.SIGKILL)
        assert is_whole(path.read_bytes())
