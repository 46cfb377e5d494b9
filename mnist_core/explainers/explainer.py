"""`Explainer`: one method of explaining a prediction, in blocks between which it can stop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from mnist_core.errors import ExplanationError
from mnist_core.explainers.attribution import Attribution, combine
from mnist_core.image_size import SHAPE
from mnist_core.inference.prediction import predict

Result = TypeVar("Result")

ExplainBlock = Callable[[Path, np.ndarray, np.ndarray, Sequence[int]], Attribution]


class Call(Protocol):
    """Runs a function of a module, here or in another process, and returns what it returns."""

    def __call__(self, function: Callable[..., Result], /, *arguments: object) -> Result: ...


def call_here(function: Callable[..., Result], /, *arguments: object) -> Result:
    """Run a function in this process."""
    return function(*arguments)


@dataclass(frozen=True, eq=False)
class Block:
    """A part of an explanation that takes at most 0.3 s.

    Attributes:
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.
        classes: The classes to explain.
    """

    background: np.ndarray
    classes: tuple[int, ...]


@dataclass(frozen=True)
class Explainer:
    """One method of explaining a prediction.

    Attributes:
        name: Key in `EXPLAINERS`, e.g. `deep-shap`.
        title: Name as people write it.
        source: Paper and library it comes from.
        explain_block: Explains one image of a `.keras` file, `uint8` (28, 28), against
            background images, `uint8` (n, 28, 28), for some classes. A function of a module, so
            that it travels to worker processes by reference.
        block_size: Background images in a block of one class.
        comparison: One sentence for the screen that says what a map compares the image with;
            `{background}` in it stands for the background images in words.
    """

    name: str
    title: str
    source: str
    explain_block: ExplainBlock
    block_size: int
    comparison: str = "Compared with {background}."

    def blocks(self, background: np.ndarray, classes: Sequence[int]) -> tuple[Block, ...]:
        """Cut an explanation into blocks of one class, the classes in the order given.

        `combine` joins what `explain_block` makes of each; it needs all blocks of a class.

        Args:
            background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
            classes: The classes to explain, at least one; each is explained once.
        """
        n_pieces = max(1, -(-len(background) // self.block_size))
        # Pieces of equal size: TensorFlow traces a model anew for every other one.
        pieces = np.array_split(background, n_pieces)
        return tuple(Block(piece, (label,)) for label in dict.fromkeys(classes) for piece in pieces)

    def explain(
        self,
        model_file: Path,
        image: np.ndarray,
        background: np.ndarray,
        *,
        classes: Sequence[int] = (),
        call: Call = call_here,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Attribution:
        """Explain one image block by block.

        Args:
            model_file: A `.keras` file.
            image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
            background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
            classes: The classes to explain; left empty, all.
            call: Runs each block; in the dashboard `worker.call`.
            on_progress: Called after each block with the blocks done and in all; what it raises
                stops the explanation.

        Raises:
            CheckpointError: The file is not there or is not a model we can use.
            ExplanationError: Image, background or classes are not as above, or the model has a
                layer that the method cannot explain.
        """
        check_images(image, background)
        if not classes:
            classes = range(call(predict, model_file, image[np.newaxis]).shape[1])
        blocks = self.blocks(background, classes)
        parts: list[Attribution] = []
        for block in blocks:
            inputs = (model_file, image, block.background, block.classes)
            parts.append(call(self.explain_block, *inputs))
            on_progress(len(parts), len(blocks))
        return combine(parts)


def check_images(image: np.ndarray, background: np.ndarray) -> None:
    """Refuse what is not one image and one or more background images.

    Raises:
        ExplanationError: Shape or dtype is another.
    """
    is_image = image.shape == SHAPE and image.dtype == np.uint8
    is_background = background.shape == (len(background), *SHAPE) and background.dtype == np.uint8
    if not (is_image and is_background and len(background) > 0):
        raise ExplanationError(
            "Expected an image of shape (28, 28) and background images of shape (n, 28, 28), n ≥ "
            f"1, in grey levels 0–255 (uint8). Received: {image.dtype} {image.shape} and "
            f"{background.dtype} {background.shape}. Take both from a split."
        )
