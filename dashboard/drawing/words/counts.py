"""Counts, shares and times, and text from files so that all of it can be shown."""

import re
from collections.abc import Sequence

from mnist_core.formatting import decimals, interval, percent
from mnist_core.statistics import wilson_interval

MOST_LETTERS = 1_000
"""Of a note that is shown."""


def plain(text: str) -> str:
    """Text from elsewhere (a link, a file's name) so that Markdown shows it as it is."""
    # Web and mail addresses become links even when escaped: an invisible joiner breaks them up.
    text = re.sub(r"(?<=:/)(?=/)|(?<=www)(?=\.)|(?<=@)", "\N{WORD JOINER}", text)
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|$~:&])", r"\\\1", text)


def images(count: int) -> str:
    """A number of images, e.g. `1 image` or `1,128 images`."""
    return f"{count:,} image{'' if count == 1 else 's'}"


def share_of(part: int, whole: int, places: int | None = None) -> str:
    """A share with its 95 % interval (Wilson), e.g. `97.9 % (96.9–98.6)`; a dash for none of 0."""
    if not whole:
        return "–"
    places = decimals([part / whole]) if places is None else places
    return f"{percent(part / whole, places)} {interval(wilson_interval(part, whole), places)}"


def images_of(count: int, cell: tuple[int | None, int | None], class_names: Sequence[str]) -> str:
    """How many images a cell, a row or a column of mistakes has; `None` for any class."""
    true, predicted = (None if label is None else class_names[label] for label in cell)
    plural = "" if count == 1 else "s"
    if true is None and predicted is None:
        return f"{count:,} mistake{plural}"
    if predicted is None:
        return f"Class {true}: {count:,} missed"
    if true is None:
        return f"Class {predicted}: {count:,} false positive{plural}"
    return f"True {true} → predicted {predicted}: {images(count)}"


def duration(seconds: float) -> str:
    """A length of time, in seconds, e.g. `42 s`, `17 min` or `1 h 5 min`."""
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def in_percent(share: float | None) -> float | None:
    """A share, 0–1, as a number for a table that shows two decimals; `None` where there is none.

    As everywhere, what is not quite everything is not shown as 100, nor almost nothing as 0.
    """
    if share is None or share in (0, 1):
        return share if share is None else 100 * share
    return min(max(100 * share, 0.01), 99.99)
