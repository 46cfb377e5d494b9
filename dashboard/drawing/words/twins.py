"""Images of two splits that are nearly the same, in sentences."""

from collections.abc import Sequence

from dashboard.drawing.words.counts import images
from mnist_core.twins import MOST_APART, MOST_OF_CONTRAST, Twins


def twins_found(twins: Twins) -> str:
    """How many images of a split have a twin in another."""
    where = f"{twins.split} in {twins.other}"
    if not twins.n_twins:
        return f"{where}: none of {images(twins.n)} has a twin."
    have = "has" if twins.n_twins == 1 else "have"
    same = f"{twins.n_same:,}" if twins.n_same else "none"
    unlike = f", {twins.n_unlike:,} one of another class" if twins.n_unlike else ""
    return (
        f"{where}: {twins.n_twins:,} of {images(twins.n)} {have} a twin, "
        f"{same} the same in every pixel{unlike}."
    )


def twins_rule() -> str:
    """What counts as twins."""
    return (
        f"Twins differ by at most {MOST_APART:g} grey levels (root mean square of the pixels that "
        "both have), as they lie or moved by one pixel in any of eight directions, and by at most "
        f"{100 * MOST_OF_CONTRAST:g} % of their own contrast. A copy with noise of up to 7 levels "
        "is found; straight strokes that happen to look alike may be, too."
    )


def twins_apart(apart: float, shift: Sequence[int]) -> str:
    """How far two images are apart, e.g. `3.4 levels apart, moved down and right`."""
    down, right = (int(by) for by in shift)
    ways = [{1: "down", -1: "up"}.get(down, ""), {1: "right", -1: "left"}.get(right, "")]
    moved = " and ".join(way for way in ways if way)
    if not apart:
        return f"the same, moved {moved}" if moved else "the same in every pixel"
    return f"{apart:.1f} levels apart" + (f", moved {moved}" if moved else "")
