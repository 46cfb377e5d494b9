"""What is said of named sets of images and of how runs do on them."""

from mnist_core import formatting
from mnist_core.sets import SetFigures


def set_size(figures: SetFigures) -> str:
    """How many images, e.g. `84 (0.8 %)`."""
    return f"{figures.size:,} ({formatting.percent(figures.share)})"


def set_accuracy(figures: SetFigures, places: int) -> str:
    """The share of a set that was right, with its interval where chance chose nothing."""
    if figures.accuracy is None or figures.accuracy_interval is None:
        return "–"
    share = formatting.percent(figures.accuracy, places)
    if figures.untested and figures.n_others:
        return share
    return f"{share} {formatting.interval(figures.accuracy_interval, places)}"


def set_difference(figures: SetFigures) -> str:
    """By how many points the set lies above all else, e.g. `−1.76`."""
    if figures.difference is None:
        return "–"
    return formatting.signed(100 * figures.difference)


def set_test(figures: SetFigures) -> str:
    """The corrected p-value; `no test` without one."""
    if figures.p_value is None:
        return "no test" if figures.size and figures.n_others else "–"
    return formatting.p_value(figures.p_value).removeprefix("p = ").removeprefix("p ")
