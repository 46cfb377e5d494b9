"""What a process keeps of the models it has opened, and that this does not become too much."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS_KEPT = 30_000_000
"""Of all models together, 120 MB; what is made of them to predict or explain shares these."""

_caches: list[Any] = []
_aside: ContextVar[dict[Any, Any] | None] = ContextVar("_aside", default=None)
_kept = 0


def kept(maxsize: int) -> Callable[[Callable], Any]:
    """Keep what a function makes of the latest models, until `make_room` lets all of it go."""

    def decorate(function: Callable) -> Any:
        cached = lru_cache(maxsize=maxsize)(function)
        _caches.append(cached)
        return _unless_aside(function, cached)

    return decorate


def kept_up_to(most_bytes: int, *, size: Callable[[Any], int]) -> Callable[[Callable], Any]:
    """Keep what a function answers for the latest arguments, up to so many bytes together.

    What is asked for least leaves first, and all of it by `make_room`. Of two threads that ask for
    the same at the same time both compute it.

    Args:
        most_bytes: Larger answers are not kept at all.
        size: Bytes of an answer.
    """

    def decorate(function: Callable) -> Any:
        answers = _LatestAnswers(most_bytes)

        @wraps(function)
        def cached(*arguments: Any) -> Any:
            answer = answers.get(arguments)
            if answer is None:
                answer = function(*arguments)
                answers.put(arguments, answer, size(answer))
            return answer

        cached.cache_clear = answers.clear  # type: ignore[attr-defined]
        _caches.append(cached)
        return _unless_aside(function, cached)

    return decorate


@contextmanager
def keeping_aside() -> Iterator[None]:
    """Keep what is opened and made within the block no longer than it; nothing leaves for it.

    For a model that nobody asks for again, in this thread.
    """
    token = _aside.set({})
    try:
        yield
    finally:
        _aside.reset(token)
        gc.collect()


def _unless_aside(function: Callable, cached: Any) -> Any:
    """What is kept, or within `keeping_aside` what was made there."""

    @wraps(function)
    def asked(*arguments: Any) -> Any:
        made = _aside.get()
        if made is None:
            return cached(*arguments)
        key = (function, arguments)
        if key not in made:
            made[key] = function(*arguments)
        return made[key]

    asked.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
    return asked


class _LatestAnswers:
    """Answers by their arguments, the latest last; threads may use it at the same time."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[tuple, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, arguments: tuple) -> Any:
        with self._lock:
            if arguments not in self._answers:
                return None
            self._answers.move_to_end(arguments)
            return self._answers[arguments][0]

    def put(self, arguments: tuple, answer: Any, size: int) -> None:
        with self._lock:
            if size > self._most_bytes or arguments in self._answers:
                return
            self._answers[arguments] = (answer, size)
            self._bytes += size
            while self._bytes > self._most_bytes:
                _, (_, left) = self._answers.popitem(last=False)
                self._bytes -= left

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._bytes = 0


def make_room(model: keras.Model) -> None:
    """Let all that was kept go if, with a model that was just opened, it became too much.

    Models and what is made of them refer to each other, so that Python frees them by a collection
    alone; it takes a tenth of a second.
    """
    global _kept
    if _aside.get() is not None:
        return
    _kept += model.count_params()
    if _kept > MOST_PARAMETERS_KEPT:
        forget_all()
        _kept = model.count_params()


def forget_all() -> None:
    """Let all opened models go, and what was made of them."""
    for cached in _caches:
        cached.cache_clear()
    gc.collect()
