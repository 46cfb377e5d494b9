"""What is asked of a model about one map besides: short, in a worker, kept."""

import hashlib
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.loading.images import load_background
from dashboard.visit.view import View
from dashboard.work import worker
from mnist_core.explainers import EXPLAINERS, Attribution, Target
from mnist_core.explainers.random_weights import explain_shuffled
from mnist_core.explainers.trust import Curves, curves

MOST_COMPARED = 50
"""Background images of the check with random weights, so that others get their turn."""


def load_curves(view: View, index: int, found: Attribution, *, n: int, seed: int) -> Curves:
    """What the model answers while pixels are covered in the order of a map of one number.

    Args:
        view: What the page shows.
        index: Position of the explained image.
        found: Its map.
        n: Of how many background images the mean covers.
        seed: With which these are chosen.
    """
    checkpoint, background = view.run.checkpoint(view.epoch), _background(view, n, seed)
    told = f"{found.of} {found.classes}".encode() + found.values.tobytes()
    return _load_curves(
        checkpoint.fingerprint,
        _digest(told, view.split.images[index], background),
        checkpoint.path,
        view.split.images[index],
        background,
        found,
    )


@st.cache_resource(max_entries=64, show_spinner="Covering the image in 21 orders …")
def _load_curves(
    checkpoint_fingerprint: str,
    digest: str,
    _path: Path,
    _image: np.ndarray,
    _background: np.ndarray,
    _found: Attribution,
) -> Curves:
    target = Target(_found.of, _found.classes)
    return worker.call(curves, _path, _image, _background, target, _found.values[0])


def load_shuffled(
    view: View, index: int, target: Target, *, method: str, n: int, seed: int
) -> Attribution:
    """The map of one number by the same method once the model's weights were shuffled.

    Args:
        view: What the page shows.
        index: Position of the explained image.
        target: What is explained.
        method: One of the `EXPLAINERS`.
        n: How many background images, 50 at most.
        seed: With which these are chosen.
    """
    checkpoint, image = view.run.checkpoint(view.epoch), view.split.images[index]
    background = _background(view, min(n, MOST_COMPARED), seed)
    told = _digest(f"{method} {target}".encode(), image, background)
    return _load_shuffled(
        checkpoint.fingerprint, told, checkpoint.path, image, background, method, target
    )


@st.cache_resource(max_entries=64, show_spinner="Shuffling the weights …")
def _load_shuffled(
    checkpoint_fingerprint: str,
    digest: str,
    _path: Path,
    _image: np.ndarray,
    _background: np.ndarray,
    _method: str,
    _target: Target,
) -> Attribution:
    explainer = EXPLAINERS[_method]
    return worker.call(explain_shuffled, explainer, _path, _image, _background, _target)


def _background(view: View, n: int, seed: int) -> np.ndarray:
    return load_background(view.outline.name, n, seed)


def _digest(told: bytes, *arrays: np.ndarray) -> str:
    digest = hashlib.sha256(told)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
