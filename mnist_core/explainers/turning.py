"""What would have to change: a few pixels with which a model gives another answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.explainers.explainer import check_images
from mnist_core.explainers.gradients import answers, gradients, number_of_classes
from mnist_core.explainers.target import Target

MOST_PIXELS = 60
"""A tenth of the ink of a digit and its surroundings; what needs more is another digit."""

_TRIED = 64
"""Pixels that are tried out in each round, those of which the slopes promise most."""

_PAPER, _INK = 0, 255


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


def turn(model_file: Path, image: np.ndarray, target: int) -> Turned | None:
    """Find a small set of pixels with which a model reads an image as another class.

    A greedy search: each pixel may become paper or ink. In each round the slopes of the lead that
    the class has over the strongest other one, times the change, tell which 64 changes promise
    most; these are tried out, all others where none of them helps, and the best is kept. Once the
    class leads, pixels are put back as long as one of them can be left out, each time that without
    which the class leads most. So none can be left out in the end; another set may be smaller.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        target: The class it is to be read as.

    Returns:
        `None` if 60 pixels are not enough, or no pixel brings the class any further. Without
        any pixel if the image is read so already.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The image is not as above, or the model does not have this class.
    """
    check_images(image, image[np.newaxis])
    Target(classes=(target,)).among(number_of_classes(model_file))
    search = _Search(model_file, image, target)
    changed: list[tuple[int, int]] = []
    while search.lead(search.image) <= 0:
        if len(changed) == MOST_PIXELS or (found := search.best_change()) is None:
            return None
        changed.append(found)
    while (left_out := search.spare(changed)) is not None:
        changed.remove(left_out)
        search.image[left_out] = image[left_out]
    before, after = answers(model_file, np.stack([image, search.image]), Target())
    return Turned(
        image=read_only(search.image),
        pixels=read_only(np.array(changed, np.int64).reshape(-1, 2)),
        target=target,
        before=read_only(before),
        after=read_only(after),
    )


class _Search:
    """The image as it is so far, and what the model says of it."""

    def __init__(self, model_file: Path, image: np.ndarray, target: int) -> None:
        self.image = image.copy()
        self._model_file = model_file
        self._original = image
        self._target = target

    def lead(self, image: np.ndarray) -> float:
        """How far the class is ahead of the strongest other one, in logits."""
        return float(self._leads(image[np.newaxis])[0])

    def best_change(self) -> tuple[int, int] | None:
        """Change the pixel that brings the class furthest; `None` if none brings it further."""
        slopes = gradients(self._model_file, self.image[np.newaxis], self._contrast())[0, 0]
        levels = np.array([_PAPER, _INK])[:, np.newaxis, np.newaxis]
        change = levels - self.image.astype(np.float64)
        gains = slopes * change
        # A pixel that was changed once stays, so that the search comes to an end.
        gains[(change == 0) | (self.image != self._original)] = -np.inf
        order = np.argsort(-gains, axis=None, kind="stable")
        order = order[gains.ravel()[order] > -np.inf]
        return self._best_of(order[:_TRIED]) or self._best_of(order[_TRIED:])

    def _best_of(self, changes: np.ndarray) -> tuple[int, int] | None:
        """Make the best of some changes, numbers of level, row and column, if it is any good."""
        if not len(changes):
            return None
        level, *places = np.unravel_index(changes, (2, *self.image.shape))
        images = np.repeat(self.image[np.newaxis], len(changes), axis=0)
        images[np.arange(len(changes)), *places] = np.where(level == 0, _PAPER, _INK)
        leads = self._leads(images)
        best = int(leads.argmax())
        if leads[best] <= self.lead(self.image):
            return None
        self.image = images[best]
        return int(places[0][best]), int(places[1][best])

    def spare(self, changed: list[tuple[int, int]]) -> tuple[int, int] | None:
        """The changed pixel that can best be left out, if one can."""
        if not changed:
            return None
        images = np.repeat(self.image[np.newaxis], len(changed), axis=0)
        for image, pixel in zip(images, changed, strict=True):
            image[pixel] = self._original[pixel]
        leads = self._leads(images)
        best = int(leads.argmax())
        return changed[best] if leads[best] > 0 else None

    def _leads(self, images: np.ndarray) -> np.ndarray:
        logits = answers(self._model_file, images, Target("logit"))
        others = np.delete(logits, self._target, axis=1)
        return logits[:, self._target] - others.max(axis=1)

    def _contrast(self) -> Target:
        """The difference of the class from the strongest other one."""
        (logits,) = answers(self._model_file, self.image[np.newaxis], Target("logit"))
        strongest = next(int(i) for i in np.argsort(-logits, kind="stable") if i != self._target)
        return Target("difference", (self._target, strongest))
