"""Attributions that are computed at most once, and their cache on disk."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from mnist_core.cache_files import store
from mnist_core.damage import READING_ERRORS
from mnist_core.errors import ExplanationError
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer
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
    inputs = _digest(image, background)
    name = f"{explainer.name}-{checkpoint.fingerprint}-{inputs}.npz"
    stored = cache / "explanations" / name
    attribution = _read(stored)
    if attribution is None:
        attribution = (explain or explainer.explain)(checkpoint.path, image, background)
        _store(stored, attribution)
    return attribution


def _digest(image: np.ndarray, background: np.ndarray) -> str:
    """SHA-256 over what is explained and what it is compared with, bytes and shapes."""
    digest = hashlib.sha256(repr((image.shape, background.shape)).encode())
    digest.update(np.ascontiguousarray(image).data)
    digest.update(np.ascontiguousarray(background).data)
    return digest.hexdigest()


def _read(stored: Path) -> Attribution | None:
    try:
        with stored.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Attribution(
                values=arrays["values"],
                base_value=arrays["base_value"],
                output=arrays["output"],
                classes=tuple(arrays["classes"].tolist()),
                n_background=int(arrays["n_background"]),
            )
    except (*READING_ERRORS, KeyError, ExplanationError):
        return None  # not computed yet, or damaged: to be computed


def _store(stored: Path, attribution: Attribution) -> None:
    arrays = {
        "values": attribution.values,
        "base_value": attribution.base_value,
        "output": attribution.output,
        "classes": np.array(attribution.classes),
        "n_background": np.array(attribution.n_background),
    }
    store(stored, lambda part: np.savez_compressed(part, allow_pickle=False, **arrays))
