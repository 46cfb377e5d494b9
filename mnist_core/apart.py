"""Work in a process of its own, which can be ended at any time and says how far it is.

The process gets bytes through its standard input, which stays open for as long as whoever started
it lives, and says what it has to say in lines of JSON.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mnist_core import settings

SECONDS_TO_REPORT = 0.5
SECONDS_TO_END = 5.0
"""How long it may tidy up once whoever started it is gone."""


@contextmanager
def running(module: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of ours; however the block ends, the process is killed.

    Args:
        module: Its name, as behind `python -m`; it begins with `begin`.
        arguments: What it finds behind its name.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,  # it ends with us
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": _with_us(os.environ.get("PYTHONPATH"))},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def lines(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    """What a process says, line by line, and nothing twice a second while it is silent."""
    assert process.stdout is not None
    rest: list[bytes] = []
    while True:
        if not select.select([process.stdout], [], [], SECONDS_TO_REPORT)[0]:
            yield {}
            continue
        read = os.read(process.stdout.fileno(), 65_536)
        if not read:
            return
        first, *more = read.split(b"\n")
        rest.append(first)
        if more:
            whole, rest = b"".join(rest), [more[-1]]
            yield from map(json.loads, (whole, *more[:-1]))


def how_it_ended(process: subprocess.Popen[bytes]) -> str | None:
    """How a process that says nothing more came to its end; `None` where that was a good one."""
    code = process.wait()
    if not code:
        return None
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def begin() -> Callable[..., None]:
    """Within the process, before anything else: stand back behind the pages.

    Returns:
        A function that says something, given by name; nothing else gets through.
    """
    os.nice(5)  # pages come first
    said = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever else writes there

    def say(**message: Any) -> None:
        print(json.dumps(message), file=said)

    return say


def end_with_parent() -> None:
    """Within the process, once all input was read: leave when whoever started it is gone."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 65_536):  # not sys.stdin, whose lock would end Python badly
        pass
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(SECONDS_TO_END)
    os._exit(1)


def _with_us(path: str | None) -> str:
    return os.pathsep.join([str(settings.ROOT), *([path] if path else [])])
