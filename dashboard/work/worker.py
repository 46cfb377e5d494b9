"""The door to the worker processes: models are opened and run there, never where pages are served.

After every rerun Streamlit clears Keras's session in its own process, which makes a page fifty
times slower, and a long explanation would block every visitor.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from dashboard.work.crew import Crew
from dashboard.work.worker_process import EndedError
from mnist_core.errors import WorkerError

MOST_DEATHS = 3
"""How often a process may die over the same call, before the call is considered the cause."""

MOST_TRIES = 8
"""How often a call is handed to a process, those included that died before it began."""

_ENDS_FOR_MEMORY = {"by SIGKILL", "by SIGABRT"}
"""The system ends what fills the memory by the first; a library that is refused any, by the second.
"""

Result = TypeVar("Result")

_lock = threading.Lock()
_crew: Crew | None = None


def start() -> None:
    """Start the workers, and let each import TensorFlow before the first visitor needs it."""
    _current()


def stop() -> None:
    """End the workers, even in the middle of a call."""
    global _crew
    with _lock:
        crew, _crew = _crew, None
    if crew is not None:
        crew.dismiss()


def call(function: Callable[..., Result], *arguments: object) -> Result:
    """Run a module-level function in a worker and wait for what it returns.

    A worker that dies is replaced, and the call tried again, in the other one if that is idle.
    What `function` raises is raised here.

    Raises:
        WorkerError: Workers died over this call again and again, or none can be started.
    """
    crew, deaths = _current(), list[EndedError]()
    while len(deaths) < MOST_TRIES and sum(death.had_begun for death in deaths) < MOST_DEATHS:
        process = crew.take()
        try:
            return process.run(function, *arguments)
        except EndedError as death:
            deaths.append(death)
        finally:
            crew.give_back(process)
    raise _gave_up([death.how for death in deaths])


def _current() -> Crew:
    global _crew
    with _lock:
        if _crew is None:
            _crew = Crew()
        return _crew


def _gave_up(ways: list[str]) -> WorkerError:
    received = f"Received: it ended {len(ways)} times, {' and '.join(sorted(set(ways)))}"
    mend = "The server's log may say more; reload to try again."
    if _ENDS_FOR_MEMORY & set(ways):
        received += ", perhaps out of memory"
        mend = "Close what else needs memory on the server, then reload."
    return WorkerError(f"Expected a worker process to finish this. {received}. {mend}")
