"""Pictures in other sizes."""

import numpy as np


def resized(picture: np.ndarray, width: int, height: int, *, smoothly: bool) -> np.ndarray:
    """The picture in another size, `float32`: by cubic curves, or each pixel a mean of areas."""
    from PIL import Image

    method = Image.Resampling.BICUBIC if smoothly else Image.Resampling.BOX
    image = Image.fromarray(np.ascontiguousarray(picture, dtype=np.float32))
    return np.asarray(image.resize((width, height), method))


def shrunk(picture: np.ndarray, longest: int) -> np.ndarray:
    """The picture with its longer side at most `longest`."""
    height, width = picture.shape
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return resized(picture, *size, smoothly=False)
