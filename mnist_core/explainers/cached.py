"""Attributions that are computed at most once, and their cache on disk."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from mnist_core.errors import ExplanationError
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer
from mnist_core.files.cache_files import EXPLANATIONS, Expected
from mnist_core.image_size import SHAPE
from mnist_core.runs import Checkpoint

Explain = Callable[[Path, np.ndarray, np.ndarray], Attribution]


def explain_cached(
    explainer: Explainer,
    checkpoint: Checkpoint,
    image: np.ndarray,
    background: np.ndarray,
    cache: Path,
    *,
    explain: Explain | None = None,
) -> Attribution:
    """Explain all classes, at most once per method, checkpoint, image and background.

    Images are told apart by all of their bytes, so that the same background is the same however
    it was chosen.

    Args:
        explainer: The method.
        checkpoint: The model.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        explain: What computes the attribution where it is not stored, in place of
            `explainer.explain`; in the dashboard worker processes. What it raises is passed on.

    Raises:
        CheckpointError: The checkpoint's file is not there or is not a model we can use.
        ExplanationError: The method cannot explain this model.
    """
    key = (explainer.name, checkpoint.fingerprint, _digest(image, background))
    attribution = _read(cache, key, checkpoint.n_classes, len(background))
    if attribution is None:
        attribution = (explain or explainer.explain)(checkpoint.path, image, background)
        # Not that of another file that has come in its place meanwhile.
        if checkpoint.is_as_it_was():
            EXPLANATIONS.write(cache, *key, arrays=_arrays(attribution))
    return attribution


def _digest(image: np.ndarray, background: np.ndarray) -> str:
    """SHA-256 over what is explained and what it is compared with, bytes and shapes."""
    digest = hashlib.sha256(repr((image.shape, background.shape)).encode())
    digest.update(np.ascontiguousarray(image).data)
    digest.update(np.ascontiguousarray(background).data)
    return digest.hexdigest()


def _read(
    cache: Path, key: tuple[str, ...], n_classes: int | None, n_background: int
) -> Attribution | None:
    expected = {
        "values": Expected(np.float32, (n_classes, *SHAPE)),
        "base_value": Expected(np.float32, (n_classes,)),
        "output": Expected(np.float32, (n_classes,)),
        "classes": Expected(np.int64, (n_classes,)),
        "n_background": Expected(np.int64, ()),
    }
    stored = EXPLANATIONS.read(cache, *key, expected=expected)
    if stored is None or int(stored["n_background"]) != n_background:
        return None
    try:
        return Attribution(
            values=stored["values"],
            base_value=stored["base_value"],
            output=stored["output"],
            classes=tuple(stored["classes"].tolist()),
            n_background=n_background,
        )
    except ExplanationError:
        return None  # lengths that do not fit together, or a class twice


def _arrays(attribution: Attribution) -> dict[str, np.ndarray]:
    return {
        "values": attribution.values,
        "base_value": attribution.base_value,
        "output": attribution.output,
        "classes": np.array(attribution.classes, np.int64),
        "n_background": np.array(attribution.n_background, np.int64),
    }
