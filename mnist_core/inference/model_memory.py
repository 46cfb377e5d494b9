"""What a process keeps of the models it has opened, and that this does not become too much."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

MOST_PARAMETERS_KEPT = 30_000_000
"""Of all models together, 120 MB; what is made of them to predict or explain shares these."""

_caches: list[Any] = []
_kept = 0


def kept(maxsize: int) -> Callable[[Callable], Any]:
    """Keep what a function makes of the latest models, until `make_room` lets all of it go."""

    def decorate(function: Callable) -> Any:
        cached = lru_cache(maxsize=maxsize)(function)
        _caches.append(cached)
        return cached

    return decorate


def make_room(model: keras.Model) -> None:
    """Let all that was kept go if, with a model that was just opened, it became too much.

    Models and what is made of them refer to each other, so that Python frees them by a collection
    alone; it takes a tenth of a second.
    """
    global _kept
    _kept += model.count_params()
    if _kept > MOST_PARAMETERS_KEPT:
        for cached in _caches:
            cached.cache_clear()
        gc.collect()
        _kept = model.count_params()
