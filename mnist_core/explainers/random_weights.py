"""The same network with its weights at random: what no map may be indifferent to."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer
from mnist_core.explainers.target import Target
from mnist_core.inference.model_files import open_model


def explain_shuffled(
    explainer: Explainer,
    model_file: Path,
    image: np.ndarray,
    background: np.ndarray,
    target: Target,
) -> Attribution:
    """Explain an image by a model whose weights were shuffled, each layer's among themselves.

    A map that stays as it was shows the image, and not what the model has learned. The shuffled
    model lives in a folder of its own as long as this takes.

    Source: Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim, "Sanity Checks for Saliency Maps"
    (2018); all layers at once.

    Args:
        explainer: The method.
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        target: What is explained.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above.
        UnfitMethodError: The method cannot explain the model, or not with such weights.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shuffled.keras"
        _shuffle(model_file, path)
        return explainer.explain_somehow(
            path, image, background, classes=target.classes, of=target.of
        )


def _shuffle(model_file: Path, path: Path) -> None:
    """Save a copy of a model in which every array of weights holds its numbers in random order."""
    model, random = open_model(model_file), np.random.default_rng(0)
    shuffled = [
        random.permuted(weight.ravel()).reshape(weight.shape) for weight in model.get_weights()
    ]
    model.set_weights(shuffled)
    model.save(path)
