"""What the server keeps of arrays it has read, as many as fit into a bound of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class KeptArrays(Generic[Kept]):
    """Keeps what was asked for last; all visitors share it, so it must be read-only."""

    def __init__(self, *, most_bytes: int, size: Callable[[Kept], int]) -> None:
        """Keep nothing yet.

        Args:
            most_bytes: Of everything together; what is larger alone is handed out, not kept.
            size: Bytes of one thing, at least 1, so that a thing without arrays counts too.
        """
        self._most_bytes, self._size = most_bytes, size
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def n_bytes(self) -> int:
        """Bytes of all that is kept."""
        return sum(map(self._size, self._kept.values()))

    def get(self, key: Hashable, read: Callable[[], Kept]) -> Kept:
        """What is kept under a key, else what `read` returns; what was used longest ago goes.

        What `read` raises is raised, and nothing is kept.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = read()
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while self.n_bytes > self._most_bytes:
                self._kept.popitem(last=False)
        return found
