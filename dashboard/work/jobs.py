"""Long work that goes on beside the pages, for as long as somebody waits for it."""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

PATIENCE = 3.0
"""Seconds after which work that nobody asks for any more is given up."""

MOST_KEPT = 16
"""Ended jobs that are remembered; what they made is on disk too."""

Made = TypeVar("Made")

Report = Callable[[int, int], None]
Work = Callable[[Report], Made]
"""What makes something, and reports steps done and steps in all on the way."""

_lock = threading.Lock()
_jobs: dict[str, "Job[Any]"] = {}


class LongWork(NamedTuple, Generic[Made]):
    """What a page may have to wait for.

    Attributes:
        key: Tells this work from any other.
        label: What is being done, in words.
        work: What does it.
    """

    key: str
    label: str
    work: Work[Made]


class GivenUpError(Exception):
    """Raised within work that nobody waits for."""


class Job(Generic[Made]):
    """Work in a thread of its own.

    Attributes:
        done: Steps done.
        total: Steps in all, 0 while unknown.
        started: When its first step began, on the monotonic clock.
    """

    def __init__(self, work: Work[Made]) -> None:
        self.done, self.total = 0, 0
        self.started = self._asked = time.monotonic()
        self._made: list[Made] = []
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def is_ended(self, wait: float = 0) -> bool:
        """Whether it has ended, waiting so many seconds for it."""
        self._asked = time.monotonic()
        self._thread.join(wait)
        return not self._thread.is_alive()

    @property
    def is_given_up(self) -> bool:
        """Whether it ended because nobody waited."""
        return isinstance(self._error, GivenUpError)

    def result(self) -> Made:
        """What an ended job has made; what it raised is raised here."""
        if self._error is not None:
            raise self._error
        return self._made[0]

    def _run(self, work: Work[Made]) -> None:
        try:
            self._made.append(work(self._report))
        except Exception as error:  # noqa: BLE001 - raised again for whoever asks
            self._error = error

    def _report(self, done: int, total: int) -> None:
        if total and not self.total:
            self.started = time.monotonic()  # what went before says nothing about the steps
        self.done, self.total = done, total
        if time.monotonic() - self._asked > PATIENCE:
            raise GivenUpError


def ask(key: str, work: Work[Made]) -> Job[Made]:
    """The job of that name, shared by all who ask; it is started unless it is there.

    Args:
        key: Tells this work from any other.
        work: Is given a function to report steps done and steps in all to, at least once a second.
    """
    with _lock:
        job = _jobs.pop(key, None)
        if job is None or (job.is_ended() and job.is_given_up):
            job = Job(work)
        _jobs[key] = job
        ended = [name for name, other in _jobs.items() if not other._thread.is_alive()]
        for name in ended[:-MOST_KEPT]:
            del _jobs[name]
        return job


def forget(key: str) -> None:
    """Let an ended job go, so that asking starts it again."""
    with _lock:
        _jobs.pop(key, None)
