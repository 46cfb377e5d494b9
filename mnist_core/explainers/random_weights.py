"""The same network with its weights at random: what no map may be indifferent to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from mnist_core.explainers.attribution import Attribution
from mnist_core.explainers.explainer import Call, Explainer, Result, call_here
from mnist_core.explainers.target import Of
from mnist_core.inference.model_files import open_model
from mnist_core.inference.model_memory import keeping_aside


def explain_shuffled(
    explainer: Explainer,
    model_file: Path,
    image: np.ndarray,
    background: np.ndarray,
    *,
    classes: Sequence[int] = (),
    of: Of = "probability",
    call: Call = call_here,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Attribution:
    """Explain an image by a model whose weights were shuffled, each array's among themselves.

    A map that stays as it was shows the image, and not what the model has learned. The shuffled
    model lies in a folder of its own as long as this takes, and is not kept in memory.

    Source: Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim, "Sanity Checks for Saliency Maps"
    (2018); all layers at once.

    Args:
        explainer: The method; none stands in for it, whose maps would not be comparable.
        model_file: A `.keras` file.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        classes: As of `Explainer.explain`.
        of: As of `Explainer.explain`.
        call: As of `Explainer.explain`.
        on_progress: As of `Explainer.explain`.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
        ExplanationError: Image, background or classes are not as above.
        UnfitMethodError: The method cannot explain the model, or not with such weights.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / model_file.parent.name / model_file.name  # what errors name
        path.parent.mkdir()
        call(shuffle, model_file, path)
        return explainer.explain(
            path,
            image,
            background,
            classes=classes,
            of=of,
            call=partial(call, _and_forget),
            on_progress=on_progress,
        )


def _and_forget(function: Callable[..., Result], *arguments: object) -> Result:
    """Run a function that opens a model which is not asked for again."""
    with keeping_aside():
        return function(*arguments)


def shuffle(model_file: Path, path: Path) -> None:
    """Save a copy of a model in which every array of weights holds its numbers in random order.

    Args:
        model_file: A `.keras` file.
        path: Of the copy.

    Raises:
        CheckpointError: The file is not there or is not a model we can use.
    """
    model, random = open_model(model_file), np.random.default_rng(0)
    shuffled = [
        random.permuted(weight.ravel()).reshape(weight.shape) for weight in model.get_weights()
    ]
    model.set_weights(shuffled)
    model.save(path)
