"""What a model answers while an image is leant, turned, thickened and moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.inference.prediction import predict
from mnist_core.pictures.variations import NAMES, Variation, varied, varied_along


@dataclass(frozen=True, eq=False)
class Varied:
    """An image as it was changed, and what is answered to it and along each way of changing.

    Attributes:
        image: The changed image, read-only. `uint8`, shape `(28, 28)`.
        outputs: What is answered to it, read-only. `float32`, shape `(n_classes,)`.
        curves: By name of what is changed the amounts, shape `(n,)`, and the answers to them with
            all else as it is, `float32`, shape `(n, n_classes)`.
    """

    image: np.ndarray
    outputs: np.ndarray
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]]

    def __post_init__(self) -> None:
        for name in ("image", "outputs"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def vary(model_file: Path, image: np.ndarray, variation: Variation) -> Varied:
    """Ask a model about an image as it is changed, and along each way of changing it.

    Args:
        model_file: A `.keras` file.
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        variation: How it is changed.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    changed = varied(image, variation)
    ways = {name: varied_along(image, variation, name) for name in NAMES}
    asked = np.concatenate([changed[None], *(images for _, images in ways.values())])
    outputs = predict(model_file, asked)
    curves, start = {}, 1
    for name, (amounts, images) in ways.items():
        curves[name] = amounts, outputs[start : start + len(images)]
        start += len(images)
    return Varied(changed, outputs[0], curves)
