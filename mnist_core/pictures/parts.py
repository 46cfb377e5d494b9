"""Some stretches of a file, read as if they were one file."""

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import IO, Any


class Parts(io.RawIOBase):
    """A file that consists of stretches of another, without a copy of them."""

    def __init__(self, file: IO[bytes], stretches: Sequence[tuple[int, int]]) -> None:
        """Begin at the first stretch.

        Args:
            file: Where they lie; it is moved by reading.
            stretches: First byte and the one behind the last of each.
        """
        self._file, self._stretches = file, tuple(stretches)
        self._ends = tuple(accumulate(end - start for start, end in stretches))
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a byte of the whole."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._ends[-1]}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Read at most to the end of the stretch that the place lies in."""
        index = bisect_right(self._ends, self._place)
        if index == len(self._stretches):
            return 0
        left = self._ends[index] - self._place
        self._file.seek(self._stretches[index][1] - left)
        content = self._file.read(min(left, len(buffer)))
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)
