"""The door to the worker processes: models are opened and run there, never where pages are served.

After every rerun Streamlit clears Keras's session in its own process, which makes a page fifty
times slower, and a long explanation would block every visitor.
"""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from loky.process_executor import ProcessPoolExecutor, ShutdownExecutorError

from mnist_core import quiet
from mnist_core.errors import WorkerError

N_WORKERS = 2
"""Two, so that a long explanation never blocks a prediction."""

Result = TypeVar("Result")

_lock = threading.Lock()
_executor: ProcessPoolExecutor | None = None


def start() -> None:
    """Start the workers, and let each import TensorFlow before the first visitor needs it."""
    executor = _current()
    for _ in range(N_WORKERS):
        executor.submit(quiet.import_keras)


def stop() -> None:
    """End the workers, whatever they are doing."""
    global _executor
    with _lock:
        if _executor is not None:
            _executor.shutdown(wait=False, kill_workers=True)
        _executor = None


def call(function: Callable[..., Result], *arguments: object) -> Result:
    """Run a module-level function in a worker and wait for what it returns.

    Workers that died are replaced, and the call is tried once more. What `function` raises is
    raised here.

    Raises:
        WorkerError: The worker died both times.
    """
    for _ in range(2):
        executor = _current()
        try:
            return executor.submit(function, *arguments).result()
        except (BrokenProcessPool, ShutdownExecutorError):
            _discard(executor)
    raise WorkerError(
        "Expected a worker process to finish this. Received: it ended twice, perhaps for want of "
        "memory. Close what else needs memory on the server, then reload."
    )


def _current() -> ProcessPoolExecutor:
    global _executor
    with _lock:
        if _executor is None:
            _executor = ProcessPoolExecutor(
                max_workers=N_WORKERS,
                timeout=None,  # an idle worker stays warm
                initializer=_end_with_parent,
                initargs=(os.getpid(),),
                env={"KERAS_BACKEND": "tensorflow"},
            )
        return _executor


def _discard(broken: ProcessPoolExecutor) -> None:
    global _executor
    with _lock:
        if _executor is broken:
            _executor = None
    broken.shutdown(wait=False, kill_workers=True)


def _end_with_parent(parent: int) -> None:
    """In the worker: leave when the server is gone, however it was ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
