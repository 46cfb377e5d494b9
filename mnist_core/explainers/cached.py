"""Attributions that are computed at most once, and their cache on disk."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from mnist_core.errors import ExplanationError
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer
from mnist_core.explainers.target import Target
from mnist_core.files.cache_files import EXPLANATIONS, Expected
from mnist_core.image_size import SHAPE
from mnist_core.runs import Checkpoint

Explain = Callable[..., Attribution]
"""As `Explainer.explain_somehow`: model file, image and background; `classes` and `of` by name."""


def explain_cached(
    explainer: Explainer,
    checkpoint: Checkpoint,
    image: np.ndarray,
    background: np.ndarray,
    cache: Path,
    *,
    target: Target | None = None,
    explain: Explain | None = None,
) -> Attribution:
    """Explain an image, at most once per method, checkpoint, image, background and target.

    Images are told apart by all of their bytes, so that the same background is the same however
    it was chosen.

    Args:
        explainer: The method.
        checkpoint: The model.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        target: What is explained; left out, the answers for all classes.
        explain: What computes the attribution where it is not stored, in place of
            `explainer.explain_somehow`; in the dashboard worker processes. What it raises is
            passed on.

    Raises:
        CheckpointError: The checkpoint's file is not there or is not a model we can use.
        ExplanationError: The method cannot explain this model.
    """
    target = Target() if target is None else target
    key = (explainer.name, checkpoint.fingerprint, _digest(image, background, target))
    attribution = _read(cache, key, target)
    if attribution is None:
        attribution = (explain or explainer.explain_somehow)(
            checkpoint.path, image, background, classes=target.classes, of=target.of
        )
        # Not that of another file that has come in its place meanwhile.
        if checkpoint.is_as_it_was():
            EXPLANATIONS.write(cache, *key, arrays=_arrays(attribution))
    return attribution


def _digest(image: np.ndarray, background: np.ndarray, target: Target) -> str:
    """SHA-256 over what is explained and what it is compared with, bytes and shapes."""
    told = (image.shape, background.shape, target.of, target.classes)
    digest = hashlib.sha256(repr(told).encode())
    digest.update(np.ascontiguousarray(image).data)
    digest.update(np.ascontiguousarray(background).data)
    return digest.hexdigest()


def _read(cache: Path, key: tuple[str, ...], target: Target) -> Attribution | None:
    expected = {
        "values": Expected(np.float32, (None, *SHAPE)),
        "base_value": Expected(np.float32, (None,)),
        "output": Expected(np.float32, (None,)),
        "classes": Expected(np.int64, (None,)),
        "n_background": Expected(np.int64, ()),
        "method": Expected(np.uint8, (None,)),
        "instead": Expected(np.uint8, (None,)),
    }
    stored = EXPLANATIONS.read(cache, *key, expected=expected)
    if stored is None:
        return None
    try:
        return Attribution(
            values=stored["values"],
            # A cache file holds finite numbers alone: a base value that is not known is left out.
            base_value=stored["base_value"] if stored["base_value"].size else _unknown(stored),
            output=stored["output"],
            classes=tuple(stored["classes"].tolist()),
            n_background=int(stored["n_background"]),
            of=target.of,
            method=stored["method"].tobytes().decode(),
            instead=stored["instead"].tobytes().decode(),
        )
    except (ExplanationError, UnicodeDecodeError):
        return None  # lengths that do not fit together, or a class twice


def _unknown(stored: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.full(stored["output"].shape, np.nan, np.float32)


def _arrays(attribution: Attribution) -> dict[str, np.ndarray]:
    base_value = attribution.base_value
    return {
        "values": attribution.values,
        "base_value": base_value[:0] if np.isnan(base_value).any() else base_value,
        "output": attribution.output,
        "classes": np.array(attribution.classes, np.int64),
        "n_background": np.array(attribution.n_background, np.int64),
        "method": np.frombuffer(attribution.method.encode(), np.uint8),
        "instead": np.frombuffer(attribution.instead.encode(), np.uint8),
    }
