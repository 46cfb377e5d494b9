"""`Attribution`: how much each pixel of one image moved the output of each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import ExplanationError
from mnist_core.image_size import SHAPE


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each pixel of one image moved the output of each class; read-only.

    An attribution is complete when, for every class, base value and pixels add up to the output
    (Lundberg & Lee 2017, "local accuracy"); `completeness_gap` says how far from it this one is.

    Attributes:
        values: What each pixel adds to each class's output. `float32`, shape
            `(n_classes, 28, 28)`, finite.
        base_value: Mean output over the background images. `float32`, shape `(n_classes,)`.
        output: The model's output for the image, a probability 0–1 where the model ends in a
            softmax. `float32`, shape `(n_classes,)`.
        classes: The class that each row of the arrays stands for; left empty, they are 0, 1, 2 …
        n_background: Background images behind `values` and `base_value`, ≥ 1.

    Raises:
        ExplanationError: Shapes do not fit together, or a value is not finite.
    """

    values: np.ndarray
    base_value: np.ndarray
    output: np.ndarray
    classes: tuple[int, ...] = ()
    n_background: int = 1

    def __post_init__(self) -> None:
        for name in ("values", "base_value", "output"):
            array = np.asarray(getattr(self, name), dtype=np.float32)
            object.__setattr__(self, name, read_only(array))
        classes = self.classes or range(self.output.size)
        object.__setattr__(self, "classes", tuple(int(label) for label in classes))
        self._check_shapes()
        arrays = (self.values, self.base_value, self.output)
        if not all(np.isfinite(array).all() for array in arrays):
            raise ExplanationError(
                "Expected finite attributions. Received: NaN or infinity, which a layer that "
                "divides by zero can make. Choose another model."
            )

    def _check_shapes(self) -> None:
        n = len(self.classes)
        shapes = (self.values.shape, self.base_value.shape, self.output.shape)
        if n == 0 or n != len(set(self.classes)) or shapes != ((n, *SHAPE), (n,), (n,)):
            raise ExplanationError(
                f"Expected values of shape ({n}, 28, 28), one base value and one output for {n} "
                f"different classes. Received: shapes {shapes} and classes {self.classes}. "
                "Explain the same classes everywhere."
            )

    @property
    def completeness_gap(self) -> float:
        """Largest distance, over the classes, of base value plus pixels from the output; ≥ 0.

        Deep SHAP on layers it knows stays below 1e-4; from 1e-2 on do not trust the picture.
        """
        sums = self.values.sum(axis=(1, 2), dtype=np.float64)
        return float(np.abs(self.base_value + sums - self.output).max())


def combine(parts: Sequence[Attribution]) -> Attribution:
    """Join attributions of one image over blocks of background images and of classes.

    Values and base values are means over background images, so the mean of the blocks, each
    weighted by its number of images, is what one computation over all of them would give.

    Args:
        parts: In any order. Every class must be explained against equally many images.

    Raises:
        ExplanationError: There are none, or they are not of one image and one background.
    """
    classes = sorted({label for part in parts for label in part.classes})
    by_class = [[part for part in parts if label in part.classes] for label in classes]
    sizes = {sum(part.n_background for part in of_class) for of_class in by_class}
    if len(sizes) != 1:
        raise ExplanationError(
            "Expected parts in which every class meets equally many background images. Received: "
            f"{sorted(sizes)} images in {len(parts)} parts. Explain every block once."
        )
    rows = [_mean(of_class, label) for of_class, label in zip(by_class, classes, strict=True)]
    values, base_value, output = (np.stack(column) for column in zip(*rows, strict=True))
    return Attribution(values, base_value, output, tuple(classes), sizes.pop())


def _mean(parts: Sequence[Attribution], label: int) -> tuple[np.ndarray, float, float]:
    """Values, base value and output of one class."""
    rows = [part.classes.index(label) for part in parts]
    weights = [part.n_background for part in parts]
    outputs = np.stack([part.output[row] for part, row in zip(parts, rows, strict=True)])
    if np.ptp(outputs) > 1e-5:
        raise ExplanationError(
            f"Expected parts of one image. Received: outputs of class {label} from "
            f"{outputs.min()} to {outputs.max()}. Explain one image at a time."
        )
    values = [part.values[row] for part, row in zip(parts, rows, strict=True)]
    base_values = [part.base_value[row] for part, row in zip(parts, rows, strict=True)]
    return (
        np.average(np.stack(values).astype(np.float64), axis=0, weights=weights),
        float(np.average(np.array(base_values, dtype=np.float64), weights=weights)),
        float(outputs[0]),
    )
