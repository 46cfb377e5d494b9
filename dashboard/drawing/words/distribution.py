"""What a data set's images are, and how its classes are spread."""

from collections.abc import Sequence

import numpy as np

from mnist_core.datasets import Outline
from mnist_core.datasets.distributions import Likeness
from mnist_core.formatting import p_value, percent

_BROUGHT = {
    "as they are": "",
    "digits": "Each picture was brought to 28×28 as a digit: its ink found, scaled and centred. ",
    "pictures": "Each picture was brought to 28×28 by the mean of areas. ",
}


def brought(outline: Outline) -> str:
    """How a data set's pictures became 28×28, and what else was done to them; may be empty."""
    return _BROUGHT[outline.pixels] + (f"{outline.preparation} " if outline.preparation else "")


def balance(split: str, counts: np.ndarray, class_names: Sequence[str]) -> str:
    """How evenly the classes of a split are filled, with the extremes.

    Args:
        split: Its name.
        counts: Images of each class. `int64`, shape `(n_classes,)`.
        class_names: Name of each class.
    """
    shares = counts / counts.sum()
    most, least = int(counts.argmax()), int(counts.argmin())
    if counts[most] == counts[least]:
        return f"{split} is perfectly balanced: {percent(shares[0])} of each class."
    ratio = counts[most] / max(counts[least], 1)
    verdict = (
        "well balanced" if ratio <= 1.1 else "roughly balanced" if ratio <= 1.5 else "unbalanced"
    )
    return (
        f"{split} is {verdict}: from {percent(shares[least])} ({class_names[least]}) to "
        f"{percent(shares[most])} ({class_names[most]})."
    )


def alike(split: str, other: str, likeness: Likeness, *, by_class: str = "") -> str:
    """Whether two label distributions differ by more than chance, in a sentence.

    Args:
        split: Name of one split.
        other: Name of the other.
        likeness: How alike they are.
        by_class: The one of them that was cut class by class, if any: no random draw.
    """
    change = f"{percent(likeness.distance)} of the labels would have to change"
    cut = ""
    if by_class:
        cut = f" {by_class.capitalize()} was cut class by class, not drawn at random."
    test = f"chi-square test, {p_value(likeness.p_value)}"
    if likeness.distance == 0:
        return f"{split} and {other} have the same label distribution."
    if likeness.p_value < 0.05:
        return f"{split} and {other} differ by more than chance: {change} ({test}).{cut}"
    none = "no difference shown between their labels"
    return f"{split} and {other}: {none}, {change} ({test}).{cut}"
