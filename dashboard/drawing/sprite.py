"""Many images in one picture, as transparent ink that the browser colours to the theme."""

import base64
import io
import zlib

import numpy as np
from PIL import Image

COLUMNS = 40


def sprite_png(images: np.ndarray) -> str:
    """Lay images out row by row, `COLUMNS` in each, in one PNG.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, h, w)`.

    Returns:
        A PNG in base64 whose opacity is the ink, so that a mask in CSS can give it any colour.
    """
    n, height, width = images.shape
    columns = min(COLUMNS, max(n, 1))
    rows = -(-n // columns)
    padded = np.zeros((rows * columns, height, width), np.uint8)
    padded[:n] = images
    ink = padded.reshape(rows, columns, height, width).swapaxes(1, 2)
    # Grey level k is colour k of a palette, and that is black with opacity k: written four times as
    # fast as grey with an alpha channel, and smaller.
    picture = Image.frombytes("P", (columns * width, rows * height), ink.tobytes())
    picture.putpalette(bytes(3 * 256))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_type=zlib.Z_RLE, transparency=bytes(range(256)))
    return base64.b64encode(file.getvalue()).decode()
