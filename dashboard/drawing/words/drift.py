"""In what two groups of images differ, in sentences."""

from collections.abc import Sequence

from mnist_core.formatting import signed
from mnist_core.shapes import Drift

SMALL = 0.1
"""Shift, in standard deviations, below which nobody needs to mind it."""

FAR = 0.05
"""Kolmogorov–Smirnov distance from which a difference is one where the means are alike."""

_MOST_TOLD = 3


def drift(found: Sequence[Drift], group: str, reference: str) -> str:
    """What differs most, and what of it chance explains.

    Args:
        found: See `find_drift`, those that differ most first.
        group: What the images are called, e.g. `validation`.
        reference: What those are called that they are held against.
    """
    if not found:
        return f"Nothing can be measured of both {group} and {reference}."
    beyond = [one for one in found if one.p_value < 0.05]
    if not beyond:
        return f"{group} differs from {reference} in no measure by more than chance explains."
    worth = [one for one in beyond if abs(one.shift) >= SMALL or one.distance >= FAR]
    told = ", ".join(_told(one) for one in (worth or beyond)[:_MOST_TOLD])
    said = (
        f"{group} differs from {reference} in {len(beyond)} of {len(found)} measures by more than "
        f"chance explains{'' if worth else ', but in none by much'}."
    )
    return f"{said} Its images {told}."


def drift_method(*, is_weighted: bool) -> str:
    """How the figures came about."""
    weighted = (
        " Images of the other split count so that its classes are as frequent as here."
        if is_weighted
        else ""
    )
    return (
        "Shift: difference of the means in standard deviations of the other split, with its 95 % "
        "interval (Welch). Distance: the largest difference of the shares of images that have at "
        "most so much (Kolmogorov–Smirnov), with its p, corrected for the number of measures "
        f"(Holm).{weighted}"
    )


def more_or_less(found: Drift) -> str:
    """What its images do more or less than the others, e.g. `are wider`."""
    if found.p_value >= 0.05:
        return "no difference shown"
    if abs(found.shift) < SMALL / 2:
        return "are spread differently"
    return found.measure.more if found.shift > 0 else found.measure.less


def _told(one: Drift) -> str:
    if abs(one.shift) < SMALL / 2:
        return f"are spread differently in {one.measure.name} (distance {one.distance:.2f})"
    return f"{more_or_less(one)} ({signed(one.shift)} standard deviations)"
