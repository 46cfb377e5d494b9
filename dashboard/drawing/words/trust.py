"""What checks of a map say, and what would have to change for another answer, in sentences."""

import math

import numpy as np

from mnist_core.answers.evaluation import Output
from mnist_core.explainers.trust import TOP, Agreement, Curves
from mnist_core.explainers.turning import MOST_PIXELS, Turned
from mnist_core.formatting import answer, percent

ALIKE, UNLIKE = 0.7, 0.3
"""Rank correlations from which on maps are called alike, and below which unlike."""


def turned(found: Turned | None, names: tuple[str, str], output: Output) -> str:
    """Which few pixels would make it another class.

    Args:
        found: The changed image, `None` where none was found.
        names: Of the class that it is read as, and of the one that was asked for.
        output: What the model answers with.
    """
    was, asked = names
    if found is None:
        return (
            f"No way was found to have it read as {asked}: {MOST_PIXELS} pixels were not enough, "
            "or none brought it any nearer."
        )
    n = len(found.pixels)
    if n == 0:
        return f"It is read as {asked} already."
    before = answer(float(found.before.max()), output)
    after = answer(float(found.after[found.target]), output)
    pixels = "1 pixel" if n == 1 else f"{n} pixels"
    left_out = "" if n == 1 else " None of them can be left out; another set may be smaller."
    read = f"it is read as {asked} ({after}), not {was} ({before})."
    return f"**With {pixels} changed** {read}{left_out}"


def covered(found: Curves, unit: str) -> str:
    """What is left of an answer while pixels are covered in the order of a map, and uncovered."""
    said = []
    for verb, curve, at_random, is_better in (
        ("Covering", found.deletion, found.random_deletion, np.less),
        ("Uncovering", found.insertion, found.random_insertion, np.greater),
    ):
        area, areas = float(found.area(curve)), found.area(at_random)
        beaten = int(is_better(area, areas).sum())
        mean = float(areas.mean())
        said.append(
            f"{verb} in the order of the map leaves {_number(area)} of {unit} on the average, in "
            f"random order {_number(mean)}: better than {beaten} of {len(areas)} random orders."
        )
    return " ".join(said)


def alike(found: Agreement, other: str) -> str:
    """How far a map agrees with another, whose name is given, e.g. `Occlusion`."""
    rho = found.rank_correlation
    if math.isnan(rho):
        return f"One of the maps is the same everywhere; nothing can be said of {other}."
    said = "agree" if rho >= ALIKE else "hardly agree" if rho < UNLIKE else "agree in part"
    return (
        f"The maps **{said}**: rank correlation {_number(rho)} over all pixels, and "
        f"{percent(found.shared_top)} of the {TOP} pixels of most weight are the same in "
        f"{other}."
    )


def steady(correlations: list[float], largest: float, spread: float) -> str:
    """How far maps against other background images are the same.

    Args:
        correlations: Rank correlations of each pair of maps.
        largest: Largest value of a pixel, without sign, of the mean map.
        spread: Largest standard deviation of a pixel over the maps.
    """
    low = min(correlations)
    said = "hardly changes" if low >= ALIKE else "is another" if low < UNLIKE else "changes in part"
    return (
        f"Against other background images the map **{said}**: rank correlations from "
        f"{_number(low)} to {_number(max(correlations))}; the pixel that differs most has a "
        f"standard deviation of {spread:.2g}, where the largest value is {largest:.2g}."
    )


def shuffled(found: Agreement) -> str:
    """Whether a map is about what the model has learned."""
    rho = found.rank_correlation
    if math.isnan(rho):
        return "With its weights shuffled the model's map is the same everywhere."
    if abs(rho) < UNLIKE:
        said = "another map, as it should: this one depends on what the model has learned"
    elif abs(rho) < ALIKE:
        said = "a map that is alike in part: some of this one is about the image alone"
    else:
        signs = " with the signs swapped" if rho < 0 else ""
        said = f"nearly the same map{signs}: it shows the image, not what the model has learned"
    return (
        f"With its weights shuffled the model gives **{said}**. Rank correlation {_number(rho)}, "
        f"{percent(found.shared_top)} of the {TOP} pixels of most weight the same."
    )


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
