"""`Explainer`: one method of explaining a prediction, in blocks between which it can stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from mnist_core.errors import ExplanationError, UnfitMethodError
from mnist_core.explainers.attribution import Attribution, combine
from mnist_core.explainers.target import Of, Target
from mnist_core.image_size import SHAPE

Result = TypeVar("Result")

ExplainBlock = Callable[[Path, np.ndarray, np.ndarray, Target], Attribution]


class Call(Protocol):
    """Runs a function of a module, here or in another process, and returns what it returns."""

    def __call__(self, function: Callable[..., Result], /, *arguments: object) -> Result: ...


def call_here(function: Callable[..., Result], /, *arguments: object) -> Result:
    """Run a function in this process."""
    return function(*arguments)


@dataclass(frozen=True)
class Explainer:
    """One method of explaining a prediction.

    Attributes:
        name: Key in `EXPLAINERS`, e.g. `deep-shap`.
        title: Name as people write it.
        source: Paper and library it comes from.
        explain_block: Explains one image of a `.keras` file, `uint8` (28, 28), against some
            background images, `uint8` (n, 28, 28), as the maps of a `Target`; raises
            `UnfitMethodError` where it cannot explain the model. A function of a module, so that
            it travels to worker processes by reference.
        comparison: One sentence for the screen that says what a map compares the image with;
            `{background}` in it stands for the background images in words.
        promise: One sentence for the screen: what the method assumes, and what it promises.
        block_size: Background images of a block, which takes at most 0.3 s; `None` of methods that
            need all of them at once.
        uses_background: Whether the image is compared with background images.
        largest_gap: What its `completeness_gap` stays below; `None` where the maps need not add up.
        must_add_up: Whether maps with a larger gap are refused and not shown with a warning.
        stand_in: The method that explains what this one cannot, if there is one.
    """

    name: str
    title: str
    source: str
    explain_block: ExplainBlock
    comparison: str
    promise: str
    block_size: int | None = None
    uses_background: bool = True
    largest_gap: float | None = None
    must_add_up: bool = False
    stand_in: Explainer | None = None

    def blocks(self, background: np.ndarray) -> list[np.ndarray]:
        """Cut background images into blocks of equal size, or nearly.

        `combine` joins what `explain_block` makes of each.

        Args:
            background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        """
        if not self.uses_background:
            return [background[:0]]
        if self.block_size is None:
            return [background]
        return np.array_split(background, max(1, -(-len(background) // self.block_size)))

    def explain(
        self,
        model_file: Path,
        image: np.ndarray,
        background: np.ndarray,
        *,
        classes: Sequence[int] = (),
        of: Of = "probability",
        call: Call = call_here,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Attribution:
        """Explain one image block by block.

        Args:
            model_file: A `.keras` file.
            image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
            background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`, n ≥ 1.
            classes: The classes to explain; left empty, all (see `Target`).
            of: What of them (see `Target`).
            call: Runs each block; in the dashboard `worker.call`.
            on_progress: Called after each block with the blocks done and in all; what it raises
                stops the explanation.

        Raises:
            CheckpointError: The file is not there or is not a model we can use.
            ExplanationError: Image, background or classes are not as above.
            UnfitMethodError: The method cannot explain this model, or its maps do not add up.
        """
        check_images(image, background)
        target = Target(of, tuple(classes))
        blocks = self.blocks(background)
        parts: list[Attribution] = []
        for block in blocks:
            parts.append(call(self.explain_block, model_file, image, block, target))
            on_progress(len(parts), len(blocks))
        found = replace(combine(parts), method=self.name)
        if self.must_add_up and not self.keeps_its_promise(found):
            raise UnfitMethodError(
                f"Expected maps of {self.title} that add up to the output within "
                f"{self.largest_gap:g}. Received: a gap of {found.completeness_gap:.1g} for "
                f"{model_file.name} of {model_file.parent.name}. Choose another method."
            )
        return found

    def explain_somehow(
        self,
        model_file: Path,
        image: np.ndarray,
        background: np.ndarray,
        *,
        classes: Sequence[int] = (),
        of: Of = "probability",
        call: Call = call_here,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Attribution:
        """As `explain`, or by the method that stands in; `Attribution.instead` then says why.

        Raises:
            CheckpointError: The file is not there or is not a model we can use.
            ExplanationError: Image, background or classes are not as above.
            UnfitMethodError: The method cannot explain this model, and none stands in.
        """
        explain = partial(
            Explainer.explain,
            model_file=model_file,
            image=image,
            background=background,
            classes=classes,
            of=of,
            call=call,
            on_progress=on_progress,
        )
        try:
            return explain(self)
        except UnfitMethodError as error:
            if self.stand_in is None:
                raise
            return replace(explain(self.stand_in), instead=str(error))

    def keeps_its_promise(self, attribution: Attribution) -> bool:
        """Whether the maps add up as far as the method promises."""
        return self.largest_gap is None or attribution.completeness_gap <= self.largest_gap


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
