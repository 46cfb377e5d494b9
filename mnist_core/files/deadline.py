"""Calls that answer in time or are given up, where a library waits longer than a visitor can."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TypeVar

Answer = TypeVar("Answer")

_given_up: dict[Hashable, threading.Thread] = {}
"""Calls that are still waiting though nobody waits for them any more, by their key."""


def within(seconds: float, call: Callable[[], Answer], *, key: Hashable) -> Answer:
    """Make a call in a thread of its own and wait a limited time for its answer.

    Args:
        seconds: How long.
        call: Raises what it likes, which is raised here.
        key: What the call asks. While one that was given up goes on, others of its key are not
            even made: so a page that asks again and again neither waits again nor piles up threads.

    Raises:
        TimeoutError: There is no answer yet.
    """
    waiting = _given_up.get(key)
    if waiting is not None and waiting.is_alive():
        raise TimeoutError(f"still no answer after {seconds:g} s")
    answer: Future[Answer] = Future()
    thread = threading.Thread(target=_answer, args=(answer, call), daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _given_up[key] = thread
        raise TimeoutError(f"no answer within {seconds:g} s")
    _given_up.pop(key, None)
    return answer.result()


def _answer(answer: Future[Answer], call: Callable[[], Answer]) -> None:
    try:
        answer.set_result(call())
    except BaseException as error:  # noqa: BLE001 - raised where it is waited for
        answer.set_exception(error)
