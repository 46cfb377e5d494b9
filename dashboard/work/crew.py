"""The workers as a crew: who is idle, who waits for one, and who takes the place of a dead one."""

import threading
import time
from collections import deque
from concurrent.futures import Future

from dashboard.work.worker_process import EndedError, WorkerProcess
from mnist_core.errors import WorkerError

N_WORKERS = 2
"""Two, so that a long explanation never blocks a prediction, and so that one is there while the
place of the other is filled again."""

FEWEST_STARTS = 3
PATIENCE = 30.0
"""A place is given up after so many failed starts in a row, and not before so many seconds."""

PAUSE = 0.2
"""Seconds between a start that failed and the next."""


class Crew:
    """Two places, each held by a process; calls take the processes in the order they came.

    Each place has a thread that starts its process, offers it once it is warm, waits for its end,
    and starts the next.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._waiting: deque[Future[WorkerProcess]] = deque()
        self._processes: set[WorkerProcess] = set()
        self._places = 0
        self._is_dismissed = False
        self._fill_places()

    def take(self) -> WorkerProcess:
        """A warm process that is busy with nothing else; it must be given back.

        Raises:
            WorkerError: No process can be started, or the crew has been dismissed.
        """
        place: Future[WorkerProcess] = Future()
        with self._lock:
            if self._is_dismissed:
                raise _dismissed()
            self._fill_places()
            if self._idle:
                return self._idle.pop()  # the last one used: it has the most in memory
            self._waiting.append(place)
        return place.result()

    def give_back(self, process: WorkerProcess) -> None:
        """Hand it to the caller that has waited longest."""
        with self._lock:
            if process.has_ended:
                return
            if self._waiting:
                self._waiting.popleft().set_result(process)
            else:
                self._idle.append(process)

    def dismiss(self) -> None:
        """End all processes, and the calls that run in them or wait for them."""
        with self._lock:
            self._is_dismissed = True
            self._refuse(_dismissed())
            for process in self._processes:
                process.end()

    def _fill_places(self) -> None:
        while self._places < N_WORKERS:
            self._places += 1
            threading.Thread(target=self._hold_a_place, daemon=True).start()

    def _hold_a_place(self) -> None:
        failed, since = 0, time.monotonic()
        while not self._is_dismissed:
            try:
                self._employ()
                failed, since = 0, time.monotonic()
            except (EndedError, OSError, RuntimeError) as error:  # the last two: none was started
                failed += 1
                if failed >= FEWEST_STARTS and time.monotonic() - since > PATIENCE:
                    self._give_up(failed, str(error))
                    return
                time.sleep(PAUSE)

    def _employ(self) -> None:
        """Start one process and stay with it until it ends."""
        process = WorkerProcess()
        with self._lock:
            self._processes.add(process)
        try:
            if not self._is_dismissed:
                process.wait_until_warm()
                self.give_back(process)
                process.wait_for_its_end()
        finally:
            with self._lock:
                self._processes.remove(process)
                if process in self._idle:
                    self._idle.remove(process)
            process.end()

    def _give_up(self, failed: int, how: str) -> None:
        with self._lock:
            self._places -= 1
            if not self._places:
                self._refuse(
                    WorkerError(
                        "Expected a worker process to start. Received: "
                        f"{failed} in a row ended as they started, the last {how}. "
                        "The server's log may say more; reload to try again."
                    )
                )

    def _refuse(self, error: WorkerError) -> None:
        while self._waiting:
            self._waiting.popleft().set_exception(error)


def _dismissed() -> WorkerError:
    return WorkerError(
        "Expected worker processes. Received: a server that is being stopped. "
        "Start it again, then reload."
    )
