"""What tells files apart: the SHA-256 of what is in them, whatever their names and times."""

import hashlib
import os
import time
from collections import OrderedDict
from pathlib import Path

from mnist_core.files import safe_files

_MOST_KNOWN = 1_000
_SETTLED = 2.0
"""Seconds after which a file that changes again shows it in its times."""

_Stamp = tuple[int, int, int, int, int]
_known: OrderedDict[_Stamp, str] = OrderedDict()


def fingerprint(path: Path, *, most_bytes: int) -> str:
    """SHA-256 of a file as 64 hexadecimal digits; it is not computed again of an unchanged file.

    The time of the last change (`st_ctime`), which only the system sets, says whether it is: copies
    that keep their times, and files of equal size, are told apart.

    Raises:
        FileRefusedError: It is no regular file, leads elsewhere, or is too large.
        OSError: It is not there, or may not be read.
    """
    with safe_files.opened(path, most_bytes=most_bytes) as file:
        before = os.fstat(file.fileno())
        stamp = _stamp(before)
        known = _known.get(stamp)
        if known is not None:
            return known
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        is_settled = time.time() - before.st_ctime > _SETTLED
        if is_settled and _stamp(os.fstat(file.fileno())) == stamp:
            _known[stamp] = digest
            while len(_known) > _MOST_KNOWN:
                _known.popitem(last=False)
    return digest


def _stamp(status: os.stat_result) -> _Stamp:
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
