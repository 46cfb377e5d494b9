"""Predicted probabilities of a checkpoint for images, and their cache on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core import image_size
from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.datasets.dataset import FEWEST_CLASSES
from mnist_core.errors import CheckpointError, FileRefusedError
from mnist_core.files.cache_files import PREDICTIONS, Expected
from mnist_core.files.content import fingerprint
from mnist_core.inference.model_files import open_model
from mnist_core.inference.model_memory import kept, make_room
from mnist_core.inference.model_size import images_at_once, images_in_a_call
from mnist_core.runs import Checkpoint
from mnist_core.runs.checkpoint import MOST_BYTES

if TYPE_CHECKING:
    import keras

BATCH_SIZE = 1_000
MOST_CLASSES = 1_000
"""Of a model; its answers to a block of images then take 40 MB."""

BLOCK_SIZE = 10_000
"""Images that a worker is handed in one go, about 0.2 s of a small model."""

MOST_KEPT = 24
"""Models that stay open: as many runs can be asked about one image again and again."""

Predict = Callable[[Path, np.ndarray], np.ndarray]
"""Answers for a block of images, or for as many of the first ones as take about a second."""


def predict(model_file: Path, images: np.ndarray) -> np.ndarray:
    """Probabilities of every class for every image.

    Args:
        model_file: A `.keras` file.
        images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.

    Returns:
        Probabilities, 0–1. `float32`, shape `(n, n_classes)`.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    model = cached_model(model_file)
    return predict_in_batches(_compiled(model), images, at_once=_at_once(model))


def predict_first(model_file: Path, images: np.ndarray) -> np.ndarray:
    """As `predict`, for as many of the first images as a worker answers for in one go.

    Returns:
        Probabilities, 0–1. `float32`, shape `(k, n_classes)`, 1 ≤ k ≤ n.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    return predict(model_file, first_of(images, cached_model(model_file)))


def first_of(images: np.ndarray, model: keras.Model) -> np.ndarray:
    """As many of the first images as a worker gives a model in one go."""
    return images[: _in_a_call(model)]


def in_turns(
    answer: Callable[[np.ndarray], np.ndarray], images: np.ndarray, *, at_most: int
) -> Iterator[np.ndarray]:
    """Answers for images in blocks, each of as many as `answer` answered for the last time.

    Args:
        answer: Answers for the first of the images it is given, one at least.
        images: `uint8`, shape `(n, 28, 28)`.
        at_most: How many it is given together.
    """
    start = 0
    while start < len(images):
        answered = answer(images[start : start + at_most])
        at_most, start = len(answered), start + len(answered)
        yield answered


def predict_in_batches(
    compiled: Callable, images: np.ndarray, *, at_once: int = BATCH_SIZE
) -> np.ndarray:
    """Apply a model that answers in tensors to images, some at a time.

    Args:
        compiled: The model.
        images: Shape `(n, 28, 28)`, n ≥ 0.
        at_once: How many of them the model may be given together (see `images_at_once`).
    """
    size = min(at_once, BATCH_SIZE)
    batches = [
        compiled(images[start : start + size]).numpy()
        for start in range(0, max(len(images), 1), size)
    ]
    return np.concatenate(batches)


def compile_for_prediction(model: keras.Model) -> Callable:
    """Trace a model once for any number of images.

    10,000 images take a tenth of the time of `model.predict` in a dense network, and a half to a
    quarter in a convolutional one, whose arithmetic both have to do.
    """
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *image_size.SHAPE), tf.uint8)]

    @tf.function(input_signature=signature, autograph=False)
    def compiled(images: tf.Tensor) -> tf.Tensor:
        outputs = model(tf.cast(images, tf.float32), training=False)
        # Each by itself: a list of equal shapes would become one tensor.
        return tf.nest.map_structure(lambda output: tf.cast(output, tf.float32), outputs)

    return compiled


def cached_model(model_file: Path) -> keras.Model:
    """The model of a `.keras` file, the same object while its content is; do not train it.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    while True:
        content = _content(model_file)
        model = _loaded(content)
        # A file that was replaced meanwhile may have been opened under the other's fingerprint.
        if _content(model_file) == content:
            return model
        _loaded.cache_clear()


@dataclass(frozen=True)
class _Content:
    """A model file as it is now; the same content is the same, wherever it lies."""

    fingerprint: str
    path: Path = field(compare=False)


def _content(model_file: Path) -> _Content:
    try:
        return _Content(fingerprint(model_file, most_bytes=MOST_BYTES), model_file)
    except FileRefusedError as error:
        raise CheckpointError(str(error)) from error
    except OSError as error:
        raise CheckpointError(
            f"Expected the model file {model_file.name} in {model_file.parent.name}. Received: it "
            "cannot be read. Choose another epoch."
        ) from error


def load_model(model_file: Path) -> keras.Model:
    """Open a `.keras` file (see `open_model`) that takes images and answers with classes.

    Raises:
        CheckpointError: It cannot be opened, or is not a model for 28×28 images with 2 to 1,000
            outputs.
    """
    model = open_model(model_file)
    # A model that does not know its shapes raises AttributeError, which getattr takes care of.
    received, answered = (getattr(model, f"{end}_shape", None) for end in ("input", "output"))
    match received, answered:
        case (None, image_size.SIDE, image_size.SIDE), (None, int(n)) if (
            FEWEST_CLASSES <= n <= MOST_CLASSES
        ):
            return model
    raise CheckpointError(
        f"Expected a model from 28×28 images to {FEWEST_CLASSES} or more classes in "
        f"{model_file.name}, {MOST_CLASSES:,} at most. Received: {received} to {answered}. Choose "
        "another model."
    )


def predict_split(
    checkpoint: Checkpoint, split: Split, cache: Path, *, predict: Predict = predict
) -> np.ndarray:
    """Probabilities for a whole split, computed at most once per checkpoint and split.

    Args:
        checkpoint: The model.
        split: The images.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        predict: What answers for a block of images; in the dashboard `predict_first` in a worker.

    Returns:
        Probabilities, 0–1, read-only. `float32`, shape `(n, n_classes)`.
    """
    key = (checkpoint.fingerprint, split.fingerprint)
    expected = Expected(np.float32, (len(split), checkpoint.n_classes))
    stored = PREDICTIONS.read(cache, *key, expected={"y_prob": expected})
    if stored is not None:
        return read_only(stored["y_prob"])
    ask = partial(predict, checkpoint.path)
    y_prob = np.concatenate([*in_turns(ask, split.images, at_most=BLOCK_SIZE)])
    # Not what another file that has come in its place meanwhile has answered.
    if checkpoint.is_as_it_was():
        PREDICTIONS.write(cache, *key, arrays={"y_prob": y_prob})
    return read_only(y_prob)


@kept(maxsize=MOST_KEPT)
def _loaded(content: _Content) -> keras.Model:
    model = load_model(content.path)
    make_room(model)
    return model


@kept(maxsize=MOST_KEPT)
def _at_once(model: keras.Model) -> int:
    return images_at_once(model)


@kept(maxsize=MOST_KEPT)
def _in_a_call(model: keras.Model) -> int:
    return images_in_a_call(model)


@kept(maxsize=MOST_KEPT)
def _compiled(model: keras.Model) -> Callable:
    return compile_for_prediction(model)
