"""The digits of one class that lie nearest to an image, in what a model's last layer sees.

The last layer is linear, so the Euclidean distance of two images in its input bounds how far apart
their scores can be. The cosine would leave out the length, and with it much of the confidence.
Source of the idea: Papernot & McDaniel, "Deep k-Nearest Neighbors" (2018).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.errors import ExplanationError
from mnist_core.files.cache_files import EMBEDDINGS, Expected
from mnist_core.inference.model_memory import kept
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import (
    cached_model,
    compile_for_prediction,
    first_of,
    in_turns,
    predict_in_batches,
)
from mnist_core.runs import Checkpoint

if TYPE_CHECKING:
    import keras

DEFAULT_K = 8
BLOCK_SIZE = 500
"""Images that a worker embeds in one go: 0.02 s of simple-conv, 0.15 s of flagship."""

MOST_NUMBERS = 4_000_000
"""Numbers held at once and kept of one class, 16 MB: 6,000 images of a layer 666 wide."""

Embed = Callable[[Path, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The images of one class of a split that lie nearest to an image, nearest first; read-only.

    Attributes:
        positions: Where they lie in the split. `int64`, shape `(k,)`; fewer where the class has
            no more images.
        distances: Euclidean distance in the last layer's input, ≥ 0, in its own units: they can
            be compared within one checkpoint only. `float32`, shape `(k,)`, ascending.
        label: The class.
        split: Name of the split.
    """

    positions: np.ndarray
    distances: np.ndarray
    label: int
    split: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", read_only(self.positions.astype(np.int64)))
        object.__setattr__(self, "distances", read_only(self.distances.astype(np.float32)))


def embed(model_file: Path, images: np.ndarray) -> np.ndarray:
    """What a model's last layer sees of images: the input of the last layer with a weight matrix.

    In a linear model these are the prepared pixels.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.

    Returns:
        The layer's input, flattened. `float32`, shape `(n, d)`.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The model has no layer with a weight matrix.
    """
    model = cached_model(model_file)
    seen = predict_in_batches(_compiled(model), images, at_once=images_at_once(model))
    return seen.astype(np.float32, copy=False)


def embed_first(model_file: Path, images: np.ndarray) -> np.ndarray:
    """As `embed`, for as many of the first images as a worker looks at in one go.

    Returns:
        The layer's input, flattened. `float32`, shape `(k, d)`, 1 ≤ k ≤ n.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: The model has no layer with a weight matrix.
    """
    return embed(model_file, first_of(images, cached_model(model_file)))


def nearest(query: np.ndarray, blocks: Iterable[np.ndarray], k: int) -> tuple[np.ndarray, ...]:
    """The rows that lie nearest to a point, the upper row first among equals.

    Args:
        query: `float32`, shape `(d,)`.
        blocks: The rows, some at a time, so that they need not be in memory together. `float32`,
            shape `(n, d)` each.
        k: How many, ≥ 1.

    Returns:
        Numbers of the rows, counted on from block to block, `int64`, and their Euclidean
        distances, `float32`, ascending; both of shape `(k,)`, shorter where there are fewer rows.
    """
    found = [np.linalg.norm(block - query, axis=1) for block in blocks]
    distances = np.concatenate([np.empty(0, np.float32), *found])
    rows = np.argsort(distances, kind="stable")[:k]
    return rows, distances[rows]


def find_neighbours(
    checkpoint: Checkpoint,
    image: np.ndarray,
    split: Split,
    label: int,
    cache: Path,
    *,
    k: int = DEFAULT_K,
    without: int | None = None,
    embed: Embed = embed,
) -> Neighbours:
    """The images of a class that lie nearest to an image, exactly.

    Every image of the class is compared, block by block. What the last layer sees of a class is
    computed at most once per checkpoint and split, unless it is too wide to be kept.

    Args:
        checkpoint: The model.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        split: Where to search.
        label: The class to search among.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        k: How many, ≥ 1.
        without: Position in the split that is left out: that of the image itself.
        embed: What embeds a block of images; in the dashboard `embed_first` in a worker.

    Raises:
        CheckpointError: The checkpoint's file is not there or is not a model we can use.
        ExplanationError: The model has no layer with a weight matrix.
    """
    positions = np.flatnonzero(split.labels == label)
    key = (checkpoint.fingerprint, split.fingerprint, str(label))
    (query,) = embed(checkpoint.path, image[np.newaxis])
    seen = _seen(checkpoint, split.images, positions, len(query), (cache, *key), embed)
    rows, distances = nearest(query, seen, k + 1)
    others = positions[rows] != (-1 if without is None else without)
    return Neighbours(positions[rows][others][:k], distances[others][:k], label, split.name)


def _seen(
    checkpoint: Checkpoint,
    images: np.ndarray,
    positions: np.ndarray,
    width: int,
    place: tuple[Path, str, str, str],
    embed: Embed,
) -> Iterator[np.ndarray]:
    """What the last layer sees of the images at some positions, in blocks of bounded size."""
    expected = Expected(np.float32, (len(positions), width))
    stored = EMBEDDINGS.read(*place, expected={"seen": expected})
    if stored is not None:
        yield stored["seen"]
        return
    size = max(1, min(BLOCK_SIZE, MOST_NUMBERS // width))
    kept = []
    ask = partial(embed, checkpoint.path)
    for seen in in_turns(ask, images[positions], at_most=size):
        if len(positions) * width <= MOST_NUMBERS:
            kept.append(seen)
        yield seen
    # Not what another file that has come in its place meanwhile has answered.
    if kept and checkpoint.is_as_it_was():
        EMBEDDINGS.write(*place, arrays={"seen": np.concatenate(kept)})


@kept(maxsize=8)
def _compiled(model: keras.Model) -> Callable:
    import keras
    import tensorflow as tf

    in_front = compile_for_prediction(_in_front_of_last(model))

    def compiled(images: np.ndarray) -> tf.Tensor:
        # Not by layers of Keras, whose names could be those of the model's own.
        seen = keras.tree.flatten(in_front(images))
        widths = [math.prod(tensor.shape[1:]) for tensor in seen]
        flat = [tf.reshape(t, (len(images), d)) for t, d in zip(seen, widths, strict=True)]
        return tf.concat(flat, axis=1)

    return compiled


def _in_front_of_last(model: keras.Model) -> keras.Model:
    """The part of a model whose outputs its last layer with a weight matrix sees."""
    import keras

    position = _last_with_matrix(model)
    last = model.layers[position]
    if isinstance(model, keras.Sequential):
        # Each time it is built, Keras makes new tensors, and a layer's input is not of the last.
        start = end = keras.Input(model.input_shape[1:])
        for layer in model.layers[:position]:
            end = layer(end)
        inputs, seen = [start], [end]
    else:
        inputs, seen = model.inputs, keras.tree.flatten(last.input)
    outputs = _alone(seen)
    if isinstance(last, keras.Model):
        outputs = _in_front_of_last(last)(outputs)
    return keras.Model(_alone(inputs), outputs, name=model.name)


def _last_with_matrix(model: keras.Model) -> int:
    """Position of the layer that weighs its inputs last; a normalisation only scales its own."""
    weighing = [
        position
        for position, layer in enumerate(model.layers)
        if any(len(weight.shape) > 1 for weight in layer.weights)
    ]
    if not weighing:
        raise ExplanationError(
            "Expected a model with a layer that weighs its inputs. Received: "
            f"{', '.join(type(layer).__name__ for layer in model.layers)}. Choose another model."
        )
    return weighing[-1]


def _alone(tensors: list[keras.KerasTensor]) -> keras.KerasTensor | list[keras.KerasTensor]:
    return tensors[0] if len(tensors) == 1 else tensors
