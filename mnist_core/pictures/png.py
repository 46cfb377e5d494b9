"""The header of a PNG file, and which of its chunks make the pixels.

Format: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", 2025.
"""

from typing import IO

from mnist_core.pictures.exif import orientation_of
from mnist_core.pictures.header import MOST_PARTS, Header

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 16_000_000

_LONGEST = {b"IHDR": 13, b"PLTE": 768, b"tRNS": 256, b"IEND": 0}
"""Chunks, besides IDAT, that pixels depend on, and how many bytes one can hold."""

_LONGEST_EXIF = 65_536


def png_header(file: IO[bytes], size: int) -> Header:
    """Read the header of a PNG file without decoding anything.

    Args:
        file: Where to read; may be left anywhere.
        size: How many bytes it has.

    Raises:
        ValueError: Says what was received instead: it ends too early, or its chunks are not those
            of a PNG.
    """
    file.seek(len(SIGNATURE))
    first = file.read(16)
    if len(first) < 16 or first[:8] != b"\x00\x00\x00\x0dIHDR":
        raise ValueError("a file without the size of the picture")
    stretches, orientation = [(0, len(SIGNATURE))], 1
    place = len(SIGNATURE)
    for _ in range(MOST_PARTS):
        file.seek(place)
        head = file.read(8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        end = place + 12 + length
        if len(head) < 8 or end > size:
            raise ValueError("a file that ends too early")
        if name == b"eXIf" and length <= _LONGEST_EXIF:
            orientation = orientation_of(file.read(length))
        elif name == b"IDAT" or name in _LONGEST:
            if name != b"IDAT" and length > _LONGEST[name]:
                raise ValueError(f"a chunk {name.decode()} of {length:,} bytes")
            _append(stretches, place, end)
        place = end
        if name == b"IEND":
            break
    else:
        raise ValueError(f"a file of more than {MOST_PARTS:,} chunks")
    return Header(
        format="PNG",
        kind="PNG",
        width=int.from_bytes(first[8:12], "big"),
        height=int.from_bytes(first[12:16], "big"),
        most_pixels=MOST_PIXELS,
        stretches=tuple(stretches),
        orientation=orientation,
    )


def _append(stretches: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a stretch; one that adjoins the last lengthens it."""
    if stretches[-1][1] == start:
        stretches[-1] = stretches[-1][0], end
    else:
        stretches.append((start, end))
