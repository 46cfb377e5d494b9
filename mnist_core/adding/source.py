"""`Source`: what was found in files from elsewhere, before it becomes a data set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from mnist_core.datasets import Pixels

Report = Callable[[int, int], None]
"""Is told how many images are done, of how many."""


@dataclass(frozen=True, eq=False)
class Source:
    """Images and labels by split, and what there is to say of them.

    Attributes:
        title: As people write it.
        source: Where they come from, in words.
        images: Grey levels, which whoever made this hands over for good. `uint8`, each of shape
            `(n, 28, 28)`.
        labels: Classes from 0 on. `uint8`, each of shape `(n,)`.
        class_names: Of each class.
        shows_strokes: Whether the images are written.
        pixels: How they became 28×28.
        names: What each image is called; empty where none is. `str_`, each of shape `(n,)`.
        preparation: What was done to the images of arrays, a sentence; empty for nothing.
        left_out: A sentence on each picture that could not be read.
    """

    title: str
    source: str
    images: Mapping[str, np.ndarray]
    labels: Mapping[str, np.ndarray]
    class_names: tuple[str, ...]
    shows_strokes: bool
    pixels: Pixels
    names: Mapping[str, np.ndarray]
    preparation: str = ""
    left_out: tuple[str, ...] = ()
