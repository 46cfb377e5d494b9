"""Any picture in 28×28 grey levels, nothing of it left out: by the mean of areas."""

import numpy as np

from mnist_core.errors import SketchError
from mnist_core.image_size import SIDE
from mnist_core.pictures.grey import LUMA
from mnist_core.pictures.resizing import resized


def averaged(picture: np.ndarray) -> np.ndarray:
    """Shrink or enlarge a picture so that its longer side is 28, the rest filled as its edge is.

    What is light stays light. Transparent pixels lie on black.

    Args:
        picture: Levels as `read_picture` gives them. `uint8`, shape `(h, w)`, `(h, w, 3)` or
            `(h, w, 4)`.

    Returns:
        Grey levels; a grey picture of 28×28 comes back as it is. `uint8`, shape `(28, 28)`.

    Raises:
        SketchError: Shape or dtype is another.
    """
    is_picture = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] in (3, 4))
    if picture.dtype != np.uint8 or not is_picture:
        raise SketchError(
            "Expected levels 0–255 (uint8) of shape (h, w), (h, w, 3) or (h, w, 4). Received: "
            f"{picture.dtype} of shape {picture.shape}. Convert the picture first."
        )
    grey = picture.astype(np.float32)
    if grey.ndim == 3:
        opacity = grey[..., 3] / 255 if grey.shape[2] == 4 else 1.0
        grey = grey[..., :3] @ LUMA * opacity
    height, width = grey.shape
    scale = SIDE / max(height, width)
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    image = np.full((SIDE, SIDE), np.median(edge), np.float32)
    top, left = (SIDE - rows) // 2, (SIDE - columns) // 2
    image[top : top + rows, left : left + columns] = resized(grey, columns, rows, smoothly=False)
    return np.rint(np.clip(image, 0, 255)).astype(np.uint8)
