"""Workers that are killed are replaced, take no other call along, and tell what ended them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.work import crew, worker, worker_process
from mnist_core.errors import WorkerError
from mnist_core.inference.memory_limit import MOST_DATA

SLOW = "__import__('time').sleep(1.5) or __import__('os').getpid()"
"""For `eval` in a worker: takes a while, and tells which worker it was."""


@pytest.fixture(autouse=True)
def quick_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers that import nothing: no call here needs TensorFlow."""
    worker.stop()
    monkeypatch.setattr(worker_process.quiet, "import_keras", os.getpid)
    yield
    worker.stop()


def pids() -> list[int]:
    """The worker processes of this test process."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=3) for line in listed.stdout.splitlines()]
    return [
        int(pid)
        for pid, parent, state, command in rows
        if int(parent) == os.getpid() and "Z" not in state and "popen_loky" in command
    ]


def kill_all() -> None:
    for pid in pids():
        os.kill(pid, signal.SIGKILL)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_whole(gone: set[int]) -> bool:
    """Whether two workers are warm and idle, none of them one of those."""
    found = worker._current()._idle
    return len(found) == crew.N_WORKERS and not gone & {process._process.pid for process in found}


def test_a_killed_worker_takes_no_other_call_along() -> None:
    worker.start()
    wait_for(lambda: is_whole(set()))
    first = set(pids())
    with ThreadPoolExecutor(2) as visitors:
        calls = [visitors.submit(worker.call, eval, SLOW) for _ in range(2)]
        time.sleep(0.5)
        killed = min(first)
        os.kill(killed, signal.SIGKILL)
        answers = {call.result(60) for call in calls}
    assert killed not in answers
    assert first - {killed} <= answers  # the other call went through where it had begun


def test_a_second_kill_while_workers_start_again_is_survived() -> None:
    worker.call(os.getpid)
    with ThreadPoolExecutor(1) as visitors:
        call = visitors.submit(worker.call, eval, SLOW)
        for _ in range(2):
            time.sleep(0.6)
            kill_all()
        assert call.result(60) in pids()


def test_kills_in_a_row_do_not_end_a_call() -> None:
    stop = threading.Event()

    def kill_what_starts() -> None:
        while not stop.wait(0.1):
            kill_all()

    with ThreadPoolExecutor(2) as visitors:
        killer = visitors.submit(kill_what_starts)
        call = visitors.submit(worker.call, os.getpid)
        time.sleep(3)
        stop.set()
        killer.result(60)
        assert call.result(60)


def test_a_worker_killed_while_idle_is_replaced_before_anybody_calls() -> None:
    worker.start()
    wait_for(lambda: is_whole(set()))
    killed = pids()
    kill_all()
    wait_for(lambda: is_whole(set(killed)))


@pytest.mark.parametrize(
    ("deadly", "told"),
    [
        ((os._exit, 3), r"ended 3 times, with exit code 3\. The server's log"),
        ((signal.raise_signal, signal.SIGSEGV), r"ended 3 times, by SIGSEGV\. The server's log"),
        (
            (signal.raise_signal, signal.SIGKILL),
            r"ended 3 times, by SIGKILL, perhaps out of memory\. Close what else",
        ),
    ],
    ids=["exit", "SIGSEGV", "SIGKILL"],
)
def test_a_call_that_ends_its_worker_each_time_is_stopped_and_no_other(
    deadly: tuple[Callable[..., object], int], told: str
) -> None:
    done = threading.Event()

    def visit() -> int:
        visits = 0
        while not done.is_set():
            assert worker.call(eval, "__import__('time').sleep(0.05) or 7") == 7
            visits += 1
        return visits

    with ThreadPoolExecutor(1) as visitors:
        other = visitors.submit(visit)
        try:
            with pytest.raises(WorkerError, match=told):
                worker.call(*deadly)
        finally:
            done.set()
        assert other.result(60)


def test_what_a_call_raises_is_raised_and_its_worker_stays() -> None:
    before = {worker.call(os.getpid) for _ in range(3)}
    with pytest.raises(FileNotFoundError, match="nowhere"):
        worker.call(os.stat, "/nowhere")
    with pytest.raises(Exception, match="pickle"):
        worker.call(len, threading.Lock())
    wait_for(lambda: is_whole(set()))
    assert before <= set(pids())


def test_calls_are_answered_in_the_order_they_came() -> None:
    answered: list[int] = []

    def ask(number: int) -> None:
        worker.call(eval, "__import__('time').sleep(0.1)")
        answered.append(number)

    worker.call(os.getpid)
    visitors = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for visitor in visitors:
        visitor.start()
        time.sleep(0.01)
    for visitor in visitors:
        visitor.join()
    assert max(abs(place - number) for place, number in enumerate(answered)) <= 1


def test_workers_that_cannot_start_are_told_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew, "PATIENCE", 0.0)
    monkeypatch.setattr(worker_process.quiet, "import_keras", os.abort)
    with pytest.raises(
        WorkerError, match="Received: 3 in a row ended as they started, the last by SIGABRT"
    ):
        worker.call(os.getpid)
    monkeypatch.setattr(worker_process.quiet, "import_keras", os.getpid)
    assert worker.call(os.getpid) in pids()


def test_calls_end_when_the_server_does() -> None:
    worker.call(os.getpid)
    with ThreadPoolExecutor(3) as visitors:
        calls = [visitors.submit(worker.call, time.sleep, 600) for _ in range(3)]
        time.sleep(0.5)
        worker.stop()
        for call in calls:
            with pytest.raises(WorkerError, match="is being stopped"):
                call.result(60)
    wait_for(lambda: not pids())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what is written to")
def test_a_call_that_asks_for_more_memory_than_a_worker_may_have_is_one_sentence() -> None:
    limits = worker.call(eval, "__import__('resource').getrlimit(2)")
    assert limits[0] == MOST_DATA
    with pytest.raises(WorkerError, match="at most 6 GB of memory"):
        worker.call(bytes, MOST_DATA)
    assert worker.call(os.getpid) in pids()


def test_errors_of_tensorflow_arrive_without_tensorflow() -> None:
    raising = "__import__('tensorflow').constant([1.0]) @ __import__('tensorflow').constant([1.0])"
    code = f"""if True:
        import sys
        from dashboard.work import worker
        from mnist_core.errors import WorkerError
        try:
            worker.call(eval, {raising!r})
        except WorkerError as error:
            print(error)
        print("tensorflow" in sys.modules)
        worker.stop()
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told, is_imported = ran.stdout.splitlines()
    assert told.startswith("Expected a model that TensorFlow can run. Received: InvalidArgument")
    assert is_imported == "False"
