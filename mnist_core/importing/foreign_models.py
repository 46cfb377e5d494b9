"""Models that were not trained here: made to take our images and to answer with probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_core.datasets.dataset import FEWEST_CLASSES
from mnist_core.errors import CheckpointError
from mnist_core.image_size import SHAPE, SIDE
from mnist_core.inference.memory_limit import is_out_of_memory
from mnist_core.inference.model_files import open_model
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import BATCH_SIZE, MOST_CLASSES, predict_in_batches

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

SCALES: dict[str, tuple[float, float]] = {
    "0-255": (1.0, 0.0),
    "0-1": (1 / 255, 0.0),
    "-1-1": (1 / 127.5, -1.0),
    "standardised": (1 / (255 * 0.3081), -0.1307 / 0.3081),
}
"""Factor and offset from grey levels 0–255; the last one uses MNIST's own mean and spread."""

INPUT_SHAPES = (SHAPE, (*SHAPE, 1), (SIDE * SIDE,))

Answer = Callable[[np.ndarray, str], np.ndarray]


@dataclass(frozen=True, eq=False)
class ForeignModel:
    """A model as it was handed over.

    Attributes:
        path: Its file or folder.
        parameters: Weights and biases, `None` where it does not say.
        answer: Gives what it answers, `float32` `(n, n_classes)`, to grey levels, `uint8`
            `(n, 28, 28)`, in a scale named in `SCALES`.
        model: The Keras model; `None` where it is a program (a SavedModel).
    """

    path: Path
    parameters: int | None
    answer: Answer
    model: keras.Model | None


def open_foreign(path: Path, *, trust: bool) -> ForeignModel:
    """Open a `.keras` or `.h5` file, or the folder of a SavedModel.

    Args:
        path: Which.
        trust: Whether a SavedModel, which is a program, may be run.

    Raises:
        CheckpointError: It cannot be opened, does not fit our images, or must be trusted first.
    """
    return _open_saved_model(path, trust=trust) if path.is_dir() else _open_keras(path)


def probabilities_of(answers: np.ndarray, *, logits: bool) -> np.ndarray:
    """Answers as probabilities. `float32`, shape `(n, n_classes)`, 0–1."""
    if logits:
        powers = np.exp(answers - answers.max(axis=1, keepdims=True), dtype=np.float64)
        answers = powers / powers.sum(axis=1, keepdims=True)
    return answers.astype(np.float32)


def ends_in_logits(answers: np.ndarray, path: Path) -> bool:
    """Whether answers are logits, which a softmax turns into probabilities, or probabilities.

    Args:
        answers: To some images. `float32`, shape `(n, n_classes)`.
        path: Of the model, for the error.

    Raises:
        CheckpointError: They are neither.
    """
    if not np.isfinite(answers).all():
        raise CheckpointError(
            f"Expected finite numbers from {path.name}. Received: some that are not. Name another "
            "--input-scale or leave it out."
        )
    in_range = answers.min() >= -1e-6 and answers.max() <= 1 + 1e-4
    if in_range and np.allclose(answers.sum(axis=1), 1, atol=1e-3):
        return False
    if in_range:
        raise CheckpointError(
            f"Expected probabilities that add up to 1, or logits, from {path.name}. Received: "
            "numbers between 0 and 1 that do not, as of one sigmoid for each class. End the model "
            "in a softmax."
        )
    return True


def adapted(foreign: ForeignModel, scale: str, *, logits: bool) -> keras.Model:
    """A model of the same layers and weights from grey levels to probabilities.

    Args:
        foreign: Must have a Keras model.
        scale: Name of the scale its input is in.
        logits: Whether a softmax is to be added.

    Returns:
        Input `(n, 28, 28)`, grey levels 0–255; output `(n, n_classes)`, 0–1.
    """
    from keras import Input, Model, Sequential, layers

    theirs, (factor, offset) = foreign.model, SCALES[scale]
    assert theirs is not None
    mark = "lens"
    while any(layer.name.startswith(mark) for layer in theirs.layers):
        mark += "_again"  # a model that was imported before
    image = Input(SHAPE, name=f"{mark}_grey_levels")
    x = layers.Rescaling(factor, offset=offset, name=f"{mark}_scale")(image)
    if theirs.input_shape[1:] != SHAPE:
        x = layers.Reshape(theirs.input_shape[1:], name=f"{mark}_shape")(x)
    # Its layers one by one, so that each can be looked into; called, it would be one layer.
    if isinstance(theirs, Sequential):
        answers = x
        for layer in theirs.layers:
            answers = layer(answers)
    else:
        answers = theirs._run_through_graph(x, operation_fn=lambda layer: layer)
    if logits:
        answers = layers.Softmax(name=f"{mark}_probabilities")(answers)
    return Model(image, answers, name="imported")


def _open_keras(path: Path) -> ForeignModel:
    model = open_model(path)
    ends = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    shape = _pixels_of(path, *ends)
    in_a_list = isinstance(getattr(model, "input", None), list)  # as Functional models do

    # Not compiled: compiling takes longer than a few thousand images.
    def ask(pixels: np.ndarray) -> tf.Tensor:
        return model([pixels] if in_a_list else pixels, training=False)

    answer = _answers_of(path, ask, shape, images_at_once(model))
    return ForeignModel(path, model.count_params(), answer, model)


def _open_saved_model(path: Path, *, trust: bool) -> ForeignModel:
    if not trust:
        raise CheckpointError(
            f"Expected permission to run {path.name}, which is a SavedModel and so a program. "
            "Received: none. Add --trust if you know where it comes from, or save it as .keras."
        )
    import tensorflow as tf

    try:
        loaded = tf.saved_model.load(str(path))
        serve = loaded.signatures["serving_default"]
        ((name, received),) = serve.structured_input_signature[1].items()
        ((answer_name, answered),) = serve.structured_outputs.items()
        ends = tuple(received.shape), tuple(answered.shape)
    except Exception as error:
        first_line = next(iter(str(error).splitlines()), "")
        raise CheckpointError(
            f"Expected a SavedModel with one input and one output in {path.name}. Received: one "
            f"that cannot be used ({type(error).__name__}: {first_line}). Choose another."
        ) from error
    shape = _pixels_of(path, *ends)

    def ask(pixels: np.ndarray) -> tf.Tensor:
        return serve(**{name: tf.constant(pixels, received.dtype)})[answer_name]

    variables = getattr(loaded, "variables", None)
    parameters = None if variables is None else sum(int(np.prod(v.shape)) for v in variables)
    return ForeignModel(path, parameters, _answers_of(path, ask, shape, BATCH_SIZE), None)


def _pixels_of(path: Path, received: Any, answered: Any) -> tuple[int, ...]:
    """The shape in which a model takes the pixels of one image, if it fits our images."""
    match received, answered:
        case (_, *pixels), (None, int(n_classes)) if FEWEST_CLASSES <= n_classes <= MOST_CLASSES:
            if tuple(pixels) in INPUT_SHAPES:
                return tuple(pixels)
    raise CheckpointError(
        f"Expected a model from 28×28, 28×28×1 or 784 pixels to {FEWEST_CLASSES} or more classes "
        f"in {path.name}, {MOST_CLASSES:,} at most. Received: {received} to {answered}. Choose "
        "another file."
    )


def _answers_of(
    path: Path, ask: Callable[[np.ndarray], tf.Tensor], shape: tuple[int, ...], at_once: int
) -> Answer:
    def answer(images: np.ndarray, scale: str) -> np.ndarray:
        factor, offset = map(np.float32, SCALES[scale])

        def ask_of(batch: np.ndarray) -> tf.Tensor:
            return ask((batch.astype(np.float32) * factor + offset).reshape(-1, *shape))

        try:
            return predict_in_batches(ask_of, images, at_once=at_once)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            raise CheckpointError(
                f"Expected answers of {path.name} within the memory an import may have. Received: "
                "it asked for more. Leave it out, or import a smaller model."
            ) from error

    return answer
