"""An import in a process of its own, which may take only so much time and memory.

Model files come from strangers. Whatever they do there, nobody else waits for it, and an abnormal
end becomes one sentence.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from mnist_core import settings
from mnist_core.errors import RunError
from mnist_core.importing.takeover import put_back
from mnist_core.inference.memory_limit import MOST_ADDRESS_SPACE
from mnist_core.runs.folders import hidden_name

MOST_SECONDS = 1_800
SECONDS_TO_REPORT = 0.5


def import_apart(folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Make a run of a folder in the models folder as `import_dropped` does, in another process.

    Args:
        folder: Where the models lie.
        on_progress: Called at least once a second with models done and models in all, 0 while
            unknown. If it raises, the process is killed, nothing of the run stays, and what it
            raised is raised here.

    Raises:
        RunError: What `import_dropped` raises, or the process took too long or ended early.
    """
    new = hidden_name(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "mnist_core.importing", str(folder), str(new)],
        stdin=subprocess.PIPE,  # it ends with us: see `__main__.py`
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": _with_us(os.environ.get("PYTHONPATH"))},
        start_new_session=True,
    )
    try:
        _follow(process, on_progress)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        put_back(new, folder)


def _follow(process: subprocess.Popen[bytes], on_progress: Callable[[int, int], None]) -> None:
    """Pass on what the process says until it ends."""
    assert process.stdout is not None
    done, total, until = 0, 0, time.monotonic() + MOST_SECONDS
    for said in _lines(process.stdout):
        if "error" in said:
            raise RunError(said["error"])
        done, total = said.get("progress", (done, total))
        on_progress(done, total)
        if time.monotonic() > until:
            raise RunError(
                f"Expected an import of at most {MOST_SECONDS // 60} minutes. Received: one that "
                "took longer and was stopped. Import fewer or smaller models at a time."
            )
    if code := process.wait():
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        raise RunError(
            f"Expected models that can be imported with {MOST_ADDRESS_SPACE / 1e9:.0f} GB of "
            f"memory. Received: the import ended early ({how}). Import fewer or smaller models at "
            "a time."
        )


def _lines(pipe: IO[bytes]) -> Iterator[dict[str, Any]]:
    """What comes through a pipe, line by line, and nothing twice a second while it is silent."""
    rest = b""
    while True:
        if not select.select([pipe], [], [], SECONDS_TO_REPORT)[0]:
            yield {}
            continue
        read = os.read(pipe.fileno(), 65_536)
        if not read:
            return
        *lines, rest = (rest + read).split(b"\n")
        yield from map(json.loads, lines)


def _with_us(path: str | None) -> str:
    return os.pathsep.join([str(settings.ROOT), *([path] if path else [])])
