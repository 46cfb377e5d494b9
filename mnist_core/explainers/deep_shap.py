"""Deep SHAP: what each pixel adds to each class's probability, against background images.

Source: Lundberg & Lee, "A Unified Approach to Interpreting Model Predictions" (2017), which joins
SHAP values with DeepLIFT (Shrikumar, Greenside, Kundaje, "Learning Important Features Through
Propagating Activation Differences", 2017); computed by `shap.DeepExplainer`.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.errors import UnfitMethodError
from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Explainer, check_images
from mnist_core.explainers.refusals import EXPLAINED, unexplained_layer
from mnist_core.explainers.target import Target
from mnist_core.image_size import SHAPE, SIDE
from mnist_core.inference.model_memory import kept
from mnist_core.inference.model_size import images_at_once
from mnist_core.inference.prediction import cached_model, predict

if TYPE_CHECKING:
    import keras

BLOCK_SIZE = 25
"""Background images in a block of one class: 0.02 s of simple-conv, 0.3 s the very first."""

_COPIES = 8
"""How often the outputs of layers are kept for a background image: those of the explained image
beside them, on the way there and back, and what SHAP makes of their differences."""

_ONE_AT_A_TIME = threading.Lock()


def explain_block(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Explain the model's output for one image: its softmax probabilities, not its logits.

    Grey levels are explained through the layers that scale and reshape them, or, where the model
    normalises with `UnitNormalization`, from behind it: of a blank column SHAP makes NaN there.

    TensorFlow's gradients are swapped while this runs: do not train in another thread meanwhile.

    Args:
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        target: What is explained.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above, or SHAP cannot explain a
            layer. A layer that it explains wrongly shows in `completeness_gap` alone.
    """
    check_images(image, background)
    _import_shap()
    y_prob = predict(model_file, np.concatenate([image[np.newaxis], background]))
    chosen = list(target.among(y_prob.shape[1]))
    return Attribution(
        values=_values(model_file, image, background, chosen),
        base_value=y_prob[1:, chosen].mean(axis=0, dtype=np.float64),
        output=y_prob[0, chosen],
        classes=tuple(chosen),
        n_background=len(background),
    )


EXPLAINER = Explainer(
    name="deep-shap",
    title="Deep SHAP",
    source="Lundberg & Lee 2017; Shrikumar et al. 2017 (DeepLIFT); shap.DeepExplainer",
    explain_block=explain_block,
    block_size=BLOCK_SIZE,
    comparison="Each pixel is compared with the same pixel of {background}.",
    promise=(
        "Layer by layer, differences from the background images are shared out in proportion; base "
        "value and pixels add up to the output."
    ),
    largest_gap=1e-3,
    must_add_up=True,
)


def _import_shap() -> None:
    """Import it before a model is in use: it keeps errors of its import, with all their frames."""
    with warnings.catch_warnings():
        # SHAP's to mend: how it makes colour maps.
        warnings.filterwarnings("ignore", r"The set_\w+ function", PendingDeprecationWarning)
        import shap  # noqa: F401 - importing it is the point


def _values(
    model_file: Path, image: np.ndarray, background: np.ndarray, classes: Sequence[int]
) -> np.ndarray:
    """SHAP values of the classes. `float64`, shape `(len(classes), 28, 28)`."""
    model = cached_model(model_file)
    try:
        with _alone_and_put_back():
            explained = _explained(model)
            return np.stack([_mean(explained, image, background, label) for label in classes])
    except Exception as error:
        raise _cannot_explain(model, model_file, error) from error


def _cannot_explain(model: keras.Model, model_file: Path, error: Exception) -> UnfitMethodError:
    layer = unexplained_layer(model, str(error))
    if layer is not None:
        received = f"the layer {layer}, for which it has no rule"
    elif isinstance(error, _NotPixelsError):
        received = str(error)
    else:
        received = "a model that it fails on"
    return UnfitMethodError(
        f"Expected layers that Deep SHAP can explain in {model_file.name} of "
        f"{model_file.parent.name}. Received: {received}. Choose a model of {EXPLAINED}."
    )


class _NotPixelsError(ValueError):
    """A model normalises something else than pixels."""


@contextmanager
def _alone_and_put_back() -> Iterator[None]:
    """Let one explanation run at a time, and leave TensorFlow as it was.

    SHAP swaps TensorFlow's gradients for the whole process, and after an error does not put back
    how they are recorded: nothing could be trained any more.
    """
    from tensorflow.python.eager import execute

    with _ONE_AT_A_TIME:
        record_gradient = execute.record_gradient
        try:
            yield
        finally:
            execute.record_gradient = record_gradient


def _mean(
    explained: _Explained, image: np.ndarray, background: np.ndarray, label: int
) -> np.ndarray:
    """SHAP values of one class, against as many background images at a time as fit into memory.

    They are means over the background, so those of its parts add up by the sizes of these.
    """
    starts = range(0, len(background), explained.at_once)
    parts = [background[start : start + explained.at_once] for start in starts]
    values = [explained.values(image, part, label) for part in parts]
    return np.average(values, axis=0, weights=[len(part) for part in parts])


class _Explained:
    """A model cut down to one output, made to be any of its classes, and SHAP's explainer of it.

    Tracing SHAP's gradients takes TensorFlow five times as long as computing them. Here the class
    is a weight and the background an argument, so one tracing serves them all.
    """

    def __init__(self, model: keras.Model) -> None:
        import keras
        import shap

        self.preprocess, pixels, y_prob = _cut_behind_normalisation(model)
        self.one_class = keras.layers.Dense(1, use_bias=False, name="one_class")
        # The input in a list, which is how SHAP calls the model.
        one_output = keras.Model([pixels], self.one_class(y_prob))
        self.background = np.empty(0)
        self.at_once = images_at_once(model, copies=_COPIES)
        with warnings.catch_warnings():
            # SHAP's to mend: it holds TensorFlow's version against 1's graphs.
            warnings.filterwarnings("ignore", "Your TensorFlow version is newer", UserWarning)
            self.shap = shap.DeepExplainer(one_output, lambda _: self.background)

    def values(self, image: np.ndarray, background: np.ndarray, label: int) -> np.ndarray:
        """SHAP values of one class. `float64`, shape `(28, 28)`."""
        kernel = np.zeros(self.one_class.kernel.shape, dtype=np.float32)
        kernel[label] = 1
        self.one_class.kernel.assign(kernel)
        self.background = self.preprocess(background)
        # SHAP's own check needs the mean over a fixed background; completeness_gap is ours.
        values = self.shap.shap_values(self.preprocess(image[np.newaxis]), check_additivity=False)
        return values.reshape(SHAPE)


@kept(maxsize=4)
def _explained(model: keras.Model) -> _Explained:
    return _Explained(model)


def _cut_behind_normalisation(
    model: keras.Model,
) -> tuple[Callable[[np.ndarray], np.ndarray], keras.KerasTensor, keras.KerasTensor]:
    """What prepares grey levels for where explaining starts, and the tensors there and at the end.

    Raises:
        _NotPixelsError: The model normalises something else than pixels.
    """
    import keras

    is_norm = [isinstance(layer, keras.layers.UnitNormalization) for layer in model.layers]
    if not any(is_norm):
        return lambda images: images.astype(np.float32), model.inputs[0], model.outputs[0]
    position = int(max(np.flatnonzero(is_norm)))
    norm, layers_behind = model.layers[position], model.layers[position + 1 :]
    before = keras.Model(model.inputs, norm.output)
    if before.trainable_weights or np.prod(before.output_shape[1:]) != SIDE * SIDE:
        raise _NotPixelsError(f"{norm.name}, which does not normalise the pixels")
    start, end = norm.output, model.outputs[0]
    if isinstance(model, keras.Sequential):
        # Each time it is built, Keras makes new tensors, and `output` is not of the last.
        start = end = keras.Input(norm.output.shape[1:])
        for layer in layers_behind:
            end = layer(end)
    return lambda images: np.asarray(before([images.astype(np.float32)])), start, end
