"""`Attribution`: how much each pixel of one image moved what a model answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import ExplanationError
from mnist_core.explainers.target import Of
from mnist_core.image_size import SHAPE


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each pixel of one image moved each of the explained numbers; read-only.

    An attribution is complete when, for every map, base value and pixels add up to the output
    (Lundberg & Lee 2017, "local accuracy"); `completeness_gap` says how far from it this one is.

    Attributes:
        values: What each pixel adds to each number. `float32`, shape `(maps, 28, 28)`, finite.
        base_value: What the pixels are counted from, such as the mean output over the background
            images; NaN of methods that know none. `float32`, shape `(maps,)`.
        output: What the model answers to the image (see `Target`). `float32`, shape `(maps,)`.
        classes: The class that each map stands for; left empty, they are 0, 1, 2 … A difference
            has one map and two classes.
        n_background: Background images behind `values` and `base_value`, 0 of methods that compare
            with none.
        of: What is explained (see `Target`).
        method: Name of the method that made it, empty where unknown.
        instead: Why this method stands in for the one that was asked for, empty where it does not.

    Raises:
        ExplanationError: Shapes do not fit together, or a value is not finite.
    """

    values: np.ndarray
    base_value: np.ndarray
    output: np.ndarray
    classes: tuple[int, ...] = ()
    n_background: int = 1
    of: Of = "probability"
    method: str = ""
    instead: str = ""

    def __post_init__(self) -> None:
        for name in ("values", "base_value", "output"):
            array = np.asarray(getattr(self, name), dtype=np.float32)
            object.__setattr__(self, name, read_only(array))
        classes = self.classes or range(self.output.size)
        object.__setattr__(self, "classes", tuple(int(label) for label in classes))
        self._check_shapes()
        finite = (self.values, self.output, np.nan_to_num(self.base_value, posinf=np.inf))
        if not all(np.isfinite(array).all() for array in finite):
            raise ExplanationError(
                "Expected finite attributions. Received: NaN or infinity, which a layer that "
                "divides by zero can make. Choose another model."
            )

    def _check_shapes(self) -> None:
        n = len(self.classes)
        maps = 1 if self.of == "difference" else n
        shapes = (self.values.shape, self.base_value.shape, self.output.shape)
        if n == 0 or n != len(set(self.classes)) or shapes != ((maps, *SHAPE), (maps,), (maps,)):
            raise ExplanationError(
                f"Expected values of shape ({maps}, 28, 28), one base value and one output for {n} "
                f"different classes. Received: shapes {shapes} and classes {self.classes}. "
                "Explain the same classes everywhere."
            )

    @property
    def completeness_gap(self) -> float:
        """Largest distance, over the maps, of base value plus pixels from the output.

        As a share of the output where that is larger than 1, as logits are. At least 0; NaN where
        there is no base value. Deep SHAP stays below 1e-3.
        """
        sums = self.base_value + self.values.sum(axis=(1, 2), dtype=np.float64)
        return float((np.abs(sums - self.output) / np.maximum(1, np.abs(self.output))).max())


def combine(parts: Sequence[Attribution]) -> Attribution:
    """Join attributions of one image over blocks of background images.

    Values and base values are means over background images, so the mean of the blocks, each
    weighted by its number of images, is what one computation over all of them would give.

    Args:
        parts: At least one; in any order.

    Raises:
        ExplanationError: There are none, or they are not of the same image and numbers.
    """
    if len(parts) == 1:
        return parts[0]
    if len({(part.classes, part.of, part.method) for part in parts}) != 1:
        raise ExplanationError(
            "Expected parts of one explanation, of the same classes by the same method. Received: "
            f"{len(parts)} parts. Explain every block once and alike."
        )
    outputs = np.stack([part.output for part in parts])
    if np.ptp(outputs, axis=0).max() > 1e-5 * max(1, np.abs(outputs).max()):
        raise ExplanationError(
            f"Expected parts of one image. Received: outputs from {outputs.min()} to "
            f"{outputs.max()}. Explain one image at a time."
        )
    weights = np.array([part.n_background for part in parts], np.float64)
    return replace(
        parts[0],
        values=_mean([part.values for part in parts], weights),
        base_value=_mean([part.base_value for part in parts], weights),
        n_background=int(weights.sum()),
    )


def _mean(arrays: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
    return np.average(np.stack(arrays).astype(np.float64), axis=0, weights=weights)
