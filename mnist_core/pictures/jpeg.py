"""The header of a JPEG file, and which of its segments make the pixels.

Format: ITU-T T.81 (1992). What decoding costs follows libjpeg: a picture in one scan is decoded
row by row, at a fraction of its size where that will do; of one in several scans, as every
progressive one is, all coefficients of all components wait in memory, two bytes each.
"""

import re
from collections.abc import Iterator
from typing import IO

from mnist_core.pictures.exif import orientation_of
from mnist_core.pictures.header import MOST_PARTS, Header

SIGNATURE = b"\xff\xd8\xff"
MOST_PIXELS = 64_000_000
MOST_PIXELS_IN_SCANS = 32_000_000
MOST_COEFFICIENTS = 96_000_000
"""Three components of `MOST_PIXELS_IN_SCANS`, 192 MB; with a fourth, fewer pixels are decoded."""

MOST_SCANS = 100
"""Encoders write ten to twenty; each goes over the whole picture again."""

_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES = {0xC4, 0xDB, 0xDD}
_JFIF, _EXIF, _ADOBE = 0xE0, 0xE1, 0xEE
_SCAN, _END = 0xDA, 0xD9
_EXIF_NAME = b"Exif\0\0"

_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""In a scan: not an escaped byte of it, nor a mark from which decoding can resume."""

_BLOCK = 1 << 20


def jpeg_header(file: IO[bytes], size: int) -> Header:
    """Read the header of a JPEG file without decoding anything.

    Args:
        file: Where to read; may be left anywhere.
        size: How many bytes it has.

    Raises:
        ValueError: Says what was received instead: it ends too early, its segments are not those
            of a JPEG, or it is of a kind that is not decoded.
    """
    frame, first_scan, exif, stretches = b"", b"", b"", [(0, 2)]
    applications: set[int] = set()
    for marker, start, end in _segments(file, size):
        if marker == _EXIF and not exif:
            content = _content(file, start, end)
            exif = content[len(_EXIF_NAME) :] if content.startswith(_EXIF_NAME) else b""
        if marker in _FRAMES:
            if frame or marker not in (_BASELINE, _EXTENDED, _PROGRESSIVE):
                raise ValueError("a kind of it that is hardly ever used")
            frame = bytes([marker]) + _content(file, start, end)
        if marker == _SCAN:
            first_scan, stretches = _content(file, start, end), [*stretches, (start, size)]
        elif marker in _FRAMES | _TABLES or marker in {_JFIF, _ADOBE} - applications:
            applications.add(marker)
            stretches.append((start, end))
    if len(frame) < 7 or not first_scan:
        raise ValueError("a file without the size of the picture")
    components = max(1, frame[6])
    is_in_scans = frame[0] == _PROGRESSIVE or first_scan[0] < components
    if is_in_scans:
        _check_scans(file, stretches[-1][0], size)
    in_scans = min(MOST_PIXELS_IN_SCANS, MOST_COEFFICIENTS // components)
    return Header(
        format="JPEG",
        kind="progressive JPEG" if is_in_scans else "JPEG",
        width=int.from_bytes(frame[4:6], "big"),
        height=int.from_bytes(frame[2:4], "big"),
        most_pixels=in_scans if is_in_scans else MOST_PIXELS,
        stretches=tuple(stretches),
        orientation=orientation_of(exif),
    )


def _segments(file: IO[bytes], size: int) -> Iterator[tuple[int, int, int]]:
    """Marker, beginning and end of each segment up to the first scan, which is the last."""
    place = 2
    for _ in range(MOST_PARTS):
        file.seek(place)
        head = file.read(4)
        if len(head) == 4 and head[:2] == b"\xff\xff":
            place += 1  # markers may be padded
            continue
        marker, end = head[1:2], place + 2 + int.from_bytes(head[2:], "big")
        if len(head) < 4 or end > size:
            raise ValueError("a file that ends too early")
        if head[0] != 0xFF or end < place + 4:
            raise ValueError("a file whose parts do not follow on each other")
        yield marker[0], place, end
        if marker[0] == _SCAN:
            return
        place = end
    raise ValueError(f"a file of more than {MOST_PARTS:,} segments")


def _content(file: IO[bytes], start: int, end: int) -> bytes:
    file.seek(start + 4)
    return file.read(end - start - 4)


def _check_scans(file: IO[bytes], first: int, size: int) -> None:
    """Refuse more than `MOST_SCANS` scans, of which a few bytes each keep libjpeg busy for long."""
    n_scans, place = 1, first + 2
    for _ in range(MOST_PARTS):
        file.seek(place)
        place += max(2, int.from_bytes(file.read(2), "big"))
        marker, place = _next_marker(file, place, size)
        if marker in (None, _END):
            return
        n_scans += marker == _SCAN
        if n_scans > MOST_SCANS:
            raise ValueError(f"a file of more than {MOST_SCANS} scans")
    raise ValueError(f"a file of more than {MOST_PARTS:,} segments")


def _next_marker(file: IO[bytes], place: int, size: int) -> tuple[int | None, int]:
    """The next marker from `place` on, and where what follows it begins; `None` at the end."""
    while place < size:
        file.seek(place)
        block = file.read(_BLOCK)
        if found := _NEXT_MARKER.search(block):
            return block[found.start() + 1], place + found.end()
        place += max(1, len(block) - 1)
    return None, size
