"""What would have to change: a few pixels with which a model gives another answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.explainers.explainer import Call, call_here, check_images
from mnist_core.explainers.gradients import answers, gradients
from mnist_core.explainers.target import Target

MOST_PIXELS = 60
"""A tenth of the ink of a digit and its surroundings; what needs more is another digit."""

_TRIED = 64
"""Pixels that are tried out in each round, those of which the slopes promise most."""

_PAPER, _INK = 0, 255

_Pixel = tuple[int, int]
_Step = tuple[_Pixel, np.ndarray, np.ndarray]
"""A pixel, the image that it leads to, and what the model answers to that."""


@dataclass(frozen=True, eq=False)
class Turned:
    """An image that is read as another class, and how it came to that; read-only.

    Attributes:
        image: The changed image. `uint8`, shape `(28, 28)`.
        pixels: Row and column of each changed pixel, none of which can be left out. `int64`, shape
            `(n, 2)`; the ones found first come first.
        target: The class that it is read as now.
        before: What the model answered to the image as it was. `float32`, shape `(classes,)`.
        after: What it answers now. `float32`, shape `(classes,)`.
    """

    image: np.ndarray
    pixels: np.ndarray
    target: int
    before: np.ndarray
    after: np.ndarray


def turn(
    model_file: Path,
    image: np.ndarray,
    target: int,
    *,
    call: Call = call_here,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Turned | None:
    """Find a small set of pixels with which a model reads an image as another class.

    A greedy search: each pixel may become paper or ink. In each round the slopes of the lead that
    the class has over the strongest other one, times the change, tell which 64 changes promise
    most; these are tried out, all others where none of them helps, and the best is kept. Once the
    answer is the class, pixels are put back as long as one of them can be left out, each time that
    without which the class leads most. So none can be left out in the end; another set may be
    smaller.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        target: The class it is to be read as.
        call: Runs each round; in the dashboard `worker.call`.
        on_progress: Called after each round with the pixels changed and 60; what it raises stops
            the search.

    Returns:
        `None` if 60 pixels are not enough, or no pixel brings the class any further. Without
        any pixel if the image is read so already.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The image is not as above, or the model does not have this class.
    """
    check_images(image, image[np.newaxis])
    (before,) = call(answers, model_file, image[np.newaxis], Target())
    Target(classes=(target,)).among(len(before))
    changed, pixels, after = image, list[_Pixel](), before
    while after.argmax() != target:
        found = call(change_one, model_file, image, changed, target)
        if len(pixels) == MOST_PIXELS or found is None:
            return None
        pixel, changed, after = found
        pixels.append(pixel)
        on_progress(len(pixels), MOST_PIXELS)
    while len(pixels) > 1 and (found := call(put_one_back, model_file, image, changed, target)):
        pixel, changed, after = found
        pixels.remove(pixel)
        on_progress(len(pixels), MOST_PIXELS)
    return Turned(
        image=read_only(changed.copy()),
        pixels=read_only(np.array(pixels, np.int64).reshape(-1, 2)),
        target=target,
        before=read_only(before),
        after=read_only(after),
    )


def change_one(
    model_file: Path, original: np.ndarray, changed: np.ndarray, target: int
) -> _Step | None:
    """Change the pixel that brings a class furthest; one that was changed stays.

    Args:
        model_file: A `.keras` file.
        original: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        changed: The same image with some pixels changed already.
        target: The class.

    Returns:
        The pixel, the image with it changed, and what the model answers to that; `None` if no pixel
        brings the class any further.
    """
    (lead,), (strongest,) = _leads(model_file, changed[np.newaxis], target)
    contrast = Target("difference", (target, int(strongest)))
    slopes = gradients(model_file, changed[np.newaxis], contrast)[0, 0]
    change = np.array([_PAPER, _INK])[:, np.newaxis, np.newaxis] - changed.astype(np.float64)
    gains = slopes * change
    # A pixel that was changed once stays, so that the search comes to an end.
    gains[(change == 0) | (changed != original)] = -np.inf
    order = np.argsort(-gains, axis=None, kind="stable")
    order = order[gains.ravel()[order] > -np.inf]
    for tried in (order[:_TRIED], order[_TRIED:]):
        if not len(tried):
            continue
        level, *places = np.unravel_index(tried, gains.shape)
        images = np.repeat(changed[np.newaxis], len(tried), axis=0)
        images[np.arange(len(tried)), *places] = np.where(level == 0, _PAPER, _INK)
        leads, _ = _leads(model_file, images, target)
        best = int(leads.argmax())
        if leads[best] > lead:
            return _step(model_file, images[best], (int(places[0][best]), int(places[1][best])))
    return None


def put_one_back(
    model_file: Path, original: np.ndarray, changed: np.ndarray, target: int
) -> _Step | None:
    """Put back the pixel that can best be left out.

    Args:
        model_file: A `.keras` file.
        original: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        changed: The same image with some pixels changed, which is read as the class.
        target: The class.

    Returns:
        As of `change_one`; `None` if none can be left out.
    """
    rows, columns = np.nonzero(changed != original)
    images = np.repeat(changed[np.newaxis], len(rows), axis=0)
    images[np.arange(len(rows)), rows, columns] = original[rows, columns]
    is_read = answers(model_file, images, Target()).argmax(axis=1) == target
    leads = np.where(is_read, _leads(model_file, images, target)[0], -np.inf)
    best = int(leads.argmax())
    if not is_read[best]:
        return None
    return _step(model_file, images[best], (int(rows[best]), int(columns[best])))


def _step(model_file: Path, image: np.ndarray, pixel: _Pixel) -> _Step:
    return pixel, image, answers(model_file, image[np.newaxis], Target())[0]


def _leads(model_file: Path, images: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
    """How far a class is ahead of the strongest other one, in logits, and which that is."""
    logits = answers(model_file, images, Target("logit"))
    others = logits.copy()
    others[:, target] = -np.inf
    return logits[:, target] - others.max(axis=1), others.argmax(axis=1)
