"""The files that `mnist-lens explain` writes: maps as arrays or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mnist_core.errors import ExplanationError

if TYPE_CHECKING:
    import numpy as np

    from mnist_core.explainers import Attribution

SUFFIXES = (".png", ".npz")


def check_suffix(out: Path) -> None:
    """See that a file can be of one of the two kinds.

    Raises:
        ExplanationError: Its name ends otherwise.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise ExplanationError(
            f"Expected a file whose name ends in {' or '.join(SUFFIXES)}. Received: {out.name}. "
            "Choose one of these."
        )


def write_explanation(
    out: Path,
    found: Attribution,
    image: np.ndarray,
    *,
    predicted: int,
    true: int,
    background_indices: np.ndarray,
    background_split: str,
    checkpoint: str,
) -> None:
    """Write an explanation as a row of maps (.png) or as arrays (.npz).

    The arrays: `values` `float32` `(28, 28, maps)`, `classes`, `of`, `base_value` (NaN of methods
    without one) and `output` `(maps,)`, `background_indices` into `background_split`, `method`,
    which made it, and `checkpoint`.

    Args:
        out: The file; see `check_suffix`.
        found: Of the image.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        predicted: Class that the model predicts, which is framed in the picture.
        true: True class of the image, likewise.
        background_indices: Positions of the background images in their split. `int64`, shape
            `(n,)`; none where the method compares with none.
        background_split: Name of their split.
        checkpoint: Fingerprint of the model.

    Raises:
        ExplanationError: The file cannot be written.
    """
    import io

    import numpy as np

    from mnist_core.explainers.picture import row_of_maps
    from mnist_core.files import atomic

    content = io.BytesIO()
    if out.suffix.lower() == ".png":
        row_of_maps(found, image, predicted=predicted, true=true).save(content, "PNG")
    else:
        np.savez_compressed(
            content,
            values=np.moveaxis(found.values, 0, -1).astype(np.float32),
            classes=np.array(found.classes, np.int64),
            of=np.array(found.of),
            base_value=found.base_value,
            output=found.output,
            background_indices=background_indices.astype(np.int64),
            background_split=np.array(background_split),
            method=np.array(found.method),
            checkpoint=np.array(checkpoint),
        )
    try:
        atomic.write_bytes(out, content.getvalue())
    except OSError as error:
        raise ExplanationError(
            f"Expected a file that can be written. Received: {out} ({error.strerror}). Name "
            "another."
        ) from error
