"""Check a picture's header, then have it decoded, no larger than it is needed."""

from __future__ import annotations

import io
import struct
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from mnist_core.errors import SketchError
from mnist_core.files.damage import READING_ERRORS
from mnist_core.pictures.header import Header
from mnist_core.pictures.jpeg import SIGNATURE as JPEG
from mnist_core.pictures.jpeg import jpeg_header
from mnist_core.pictures.parts import Parts
from mnist_core.pictures.png import SIGNATURE as PNG
from mnist_core.pictures.png import png_header

if TYPE_CHECKING:
    from PIL import Image

LEAST_SIDE = 5
LONGEST_SIDE = 2048
"""Longer pictures are made at most so large before anything else."""

MOST_BYTES = 100_000_000
DECODING_ERRORS = (*READING_ERRORS, SyntaxError, LookupError, struct.error)


def read_picture(file: Path | IO[bytes], *, most_pixels: int | None = None) -> np.ndarray:
    """Read a PNG or JPEG picture, upright; what that costs is known before anything is decoded.

    At most 64 megapixels of a JPEG, 32 of a progressive one and 16 of a PNG are decoded. The
    decoder is given what the pixels need and nothing else: no texts, profiles or further frames.

    Args:
        file: A path, or a file that can be sought in.
        most_pixels: Refuse more, whatever the kind.

    Returns:
        Levels 0–255, at most 2,048 pixels long. `uint8`, shape `(h, w)`, `(h, w, 3)` or, with
        transparency, `(h, w, 4)`.

    Raises:
        SketchError: It is not there, torn, no picture, or too large or small.
    """
    name = file.name if isinstance(file, Path) else "the picture"
    try:
        with _opened(file) as source:
            header = _header(source)
            check_side(header.width, header.height, name)
            _check_pixels(header, most_pixels, name)
            return _decoded(source, header)
    except DECODING_ERRORS as error:
        raise SketchError(
            f"Expected a PNG or JPEG picture in {name}. Received: {error}. Save it again."
        ) from error


def check_side(width: int, height: int, name: str) -> None:
    """Refuse a picture that is too small for a digit."""
    if min(width, height) < LEAST_SIDE:
        raise SketchError(
            f"Expected at least {LEAST_SIDE} × {LEAST_SIDE} pixels in {name}. Received: "
            f"{width} × {height}. Draw the digit larger."
        )


def _check_pixels(header: Header, most_pixels: int | None, name: str) -> None:
    most = min(header.most_pixels, most_pixels or header.most_pixels)
    if header.width * header.height > most:
        raise SketchError(
            f"Expected at most {most // 1_000_000} megapixels of a {header.kind} in {name}. "
            f"Received: {header.width} × {header.height} pixels. Make it smaller."
        )


def _opened(file: Path | IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    if not isinstance(file, Path):
        return nullcontext(file)
    if file.exists() and not file.is_file():
        raise ValueError("no regular file")  # a pipe would be waited for
    return file.open("rb")


def _header(source: IO[bytes]) -> Header:
    size = source.seek(0, io.SEEK_END)
    if size > MOST_BYTES:
        raise ValueError(f"{size / 1e6:,.0f} MB, where {MOST_BYTES / 1e6:.0f} are the most")
    source.seek(0)
    start = source.read(len(PNG))
    if start == PNG:
        return png_header(source, size)
    if start.startswith(JPEG):
        return jpeg_header(source, size)
    raise ValueError("another kind of file")


def _decoded(source: IO[bytes], header: Header) -> np.ndarray:
    from PIL import Image, ImageFile

    parts = io.BufferedReader(Parts(source, header.stretches), ImageFile.MAXBLOCK)
    with Image.open(parts, formats=(header.format,)) as picture:
        shrink = max(picture.size) / LONGEST_SIDE
        if shrink > 1:
            # A JPEG is decoded at a half, a quarter or an eighth of its size where that will do.
            width, height = (max(1, int(side / shrink)) for side in picture.size)
            picture.draft("RGB", (width, height))
        levels = _levels(picture)
    if max(levels.size) > LONGEST_SIDE:
        levels = levels.reduce(-(-max(levels.size) // LONGEST_SIDE))
    return np.asarray(_upright(levels, header.orientation))


def _levels(picture: Image.Image) -> Image.Image:
    """The picture in bytes, grey, in colours, or in colours with transparency."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits, which `convert` would cut off
        deep = np.asarray(picture)
        return Image.fromarray((deep // 257 if deep.max() > 255 else deep).astype(np.uint8))
    if "transparency" in picture.info or "A" in picture.getbands():
        return picture.convert("RGBA")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    from PIL.Image import Transpose

    turned = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return picture.transpose(turned[orientation]) if orientation in turned else picture
