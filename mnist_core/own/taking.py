"""Pictures of digits taken in: each digit in MNIST's format, with its place and its label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.errors import SketchError
from mnist_core.own.labels import label_in
from mnist_core.pictures.sketch import Sketch, to_mnist
from mnist_core.pictures.splitting import digits_in

MOST_PICTURES = 10_000
"""At once; more are a data set, for `mnist-lens data add`."""

Picture = tuple[str, Callable[[], np.ndarray]]
"""What it is called, and a function that reads it as `read_picture` does."""


@dataclass(frozen=True, eq=False)
class TakenDigit:
    """A digit in a picture.

    Attributes:
        name: Of the picture.
        sketch: The digit in MNIST's format.
        box: Where it lies, as shares of the picture, 0–1: top, bottom, left, right.
        true: Its class by the picture's name; `None` where that says none.
    """

    name: str
    sketch: Sketch
    box: tuple[float, float, float, float]
    true: int | None


@dataclass(frozen=True)
class Refusal:
    """A picture that nothing was taken from: its name, and why."""

    name: str
    reason: str


def take_digits(
    pictures: Sequence[Picture],
    class_names: Sequence[str],
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[list[TakenDigit], list[Refusal]]:
    """Take the digits of pictures, in their order, those of each in reading order.

    A picture whose name says its class is taken as one digit.

    Args:
        pictures: At most `MOST_PICTURES`.
        class_names: Name of each class that a picture's name can say.
        report: Is told how many pictures are done, of how many.

    Raises:
        SketchError: There are more.
    """
    if len(pictures) > MOST_PICTURES:
        raise SketchError(
            f"Expected at most {MOST_PICTURES:,} pictures. Received: {len(pictures):,}. Name "
            "fewer, or make a data set of them: mnist-lens data add."
        )
    taken: list[TakenDigit] = []
    refused: list[Refusal] = []
    for done, (name, read) in enumerate(pictures):
        report(done, len(pictures))
        try:
            found = _found(name, read(), label_in(name, class_names))
        except SketchError as error:
            refused.append(Refusal(name, str(error)))
            continue
        taken += found
        if not found:
            reason = "Expected a digit. Received: a picture without ink. Draw one."
            refused.append(Refusal(name, reason))
    report(len(pictures), len(pictures))
    return taken, refused


def _found(name: str, picture: np.ndarray, true: int | None) -> list[TakenDigit]:
    if true is not None:
        sketch = to_mnist(picture)
        return [] if sketch is None else [TakenDigit(name, sketch, (0.0, 1.0, 0.0, 1.0), true)]
    taken = []
    for digit in digits_in(picture):
        height, width = digit.sketch.grey.shape
        top, bottom, left, right = digit.box
        box = top / height, bottom / height, left / width, right / width
        taken.append(TakenDigit(name, digit.sketch, box, None))
    return taken
