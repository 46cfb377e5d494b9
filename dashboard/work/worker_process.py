"""One process that models are opened and run in, and what is known of its end."""

import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import TypeVar

from loky.backend.context import get_context
from loky.process_executor import (
    BrokenProcessPool,
    ProcessPoolExecutor,
    ShutdownExecutorError,
    TerminatedWorkerError,
)

from mnist_core import quiet
from mnist_core.errors import WorkerError
from mnist_core.inference.memory_limit import MOST_DATA, is_out_of_memory, limit_data

EXIT_CODE_SECONDS = 1.0
"""How long to wait for the exit code: loky's own thread may be the one that has just read it."""

_NEVER_IN_THE_SERVER = ("tensorflow", "keras")
"""Their errors would be imported, and the whole library with them, where they arrive."""

Result = TypeVar("Result")


class EndedError(Exception):
    """The process ended and took the call along. No visitor meets it: `worker.call` handles it.

    Attributes:
        how: The signal or the exit code, in words.
        had_begun: Whether the call was already running, and so can be what ended it.
    """

    def __init__(self, how: str, *, had_begun: bool) -> None:
        super().__init__(how)
        self.how, self.had_begun = how, had_begun


class WorkerProcess:
    """A loky pool of one: loky ends all processes of a pool when one dies.

    It runs one call at a time, and is of no use any more once it has ended.
    """

    def __init__(self) -> None:
        self._begun, self._begins = get_context("loky").Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            max_workers=1,
            timeout=None,  # an idle process stays warm
            initializer=_prepare,
            initargs=(os.getpid(), self._begins),
            env={"KERAS_BACKEND": "tensorflow"},
        )
        self._warm = self._pool.submit(quiet.import_keras)
        # In no other way does loky tell when it ends, and how.
        self._process = next(iter(self._pool._processes.values()), None)
        self.has_ended = False

    def wait_until_warm(self) -> None:
        """Wait until it has imported TensorFlow.

        If that fails it serves all the same: what needs TensorFlow raises the error again.

        Raises:
            EndedError: It has ended before.
        """
        if isinstance(self._warm.exception(), BrokenProcessPool | ShutdownExecutorError):
            self.has_ended = True
            raise EndedError(self._how(), had_begun=False)

    def run(self, function: Callable[..., Result], *arguments: object) -> Result:
        """What a module-level function returns or raises there.

        Raises:
            EndedError: The process has ended, before the call began or during it.
        """
        try:
            return self._pool.submit(_announced, function, *arguments).result()
        except (TerminatedWorkerError, ShutdownExecutorError):
            self.has_ended = True
            raise EndedError(self._how(), had_begun=self._begun.poll()) from None
        except BrokenProcessPool:  # what should cross cannot be pickled, a mistake of ours
            self.has_ended = True
            raise
        finally:
            if not self.has_ended and self._begun.poll():
                self._begun.recv_bytes()

    def wait_for_its_end(self) -> None:
        """Return once the process is gone."""
        if self._process is not None:
            wait([self._process.sentinel])
        self.has_ended = True

    def end(self) -> None:
        """End it, even in the middle of a call."""
        self._pool.shutdown(wait=False, kill_workers=True)

    def _how(self) -> str:
        deadline = time.monotonic() + EXIT_CODE_SECONDS
        while self._process is not None and time.monotonic() < deadline:
            code = self._process.exitcode
            if code is not None:
                return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
            time.sleep(0.01)
        return "of unknown cause"


def _prepare(parent: int, begins: Connection) -> None:
    """In the worker: keep the pipe at hand, and leave when the server is gone, however it went.

    Model files are checked before they are opened; what slips through ends here, not the machine.
    """
    global _begins
    _begins = begins
    limit_data()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


_begins: Connection
"""In the worker: what tells the server that a call has begun."""


def _announced(function: Callable[..., Result], *arguments: object) -> Result:
    _begins.send_bytes(b"begun")
    try:
        return function(*arguments)
    except Exception as error:
        if is_out_of_memory(error):
            raise WorkerError(
                f"Expected a task that needs at most {MOST_DATA / 1e9:.0f} GB of memory. Received: "
                "one that asked for more, or a server that has no more. Choose a smaller model."
            ) from None
        if type(error).__module__.partition(".")[0] in _NEVER_IN_THE_SERVER:
            raise WorkerError(
                "Expected a model that TensorFlow can run. Received: "
                f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')[:200]}. Choose "
                "another model."
            ) from None
        raise
