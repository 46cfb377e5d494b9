"""What a search for slices has found, in words."""

from collections.abc import Sequence

from dashboard.drawing.words.counts import images, plain
from dashboard.visit.view import View
from mnist_core.formatting import p_value
from mnist_core.shapes import MEASURES
from mnist_core.slices import (
    FEWEST_ERRORS_IN_ALL,
    N_DRAWS,
    SUPPORTED,
    Condition,
    FoundSlices,
    OfClass,
    Slice,
)


def slice_title(found: Slice, class_names: Sequence[str]) -> str:
    """What the images of a slice have in common, e.g. `class 9, thickness below 1.9 px`."""
    return ", ".join(_condition(condition, class_names) for condition in found.conditions)


def _condition(condition: Condition, class_names: Sequence[str]) -> str:
    if isinstance(condition, OfClass):
        return f"class {class_names[condition.label]}"
    unit, low, high = MEASURES[condition.measure].unit, condition.low, condition.high
    if low is None:
        return f"{condition.measure} below {_number(high)}{unit}"
    if high is None:
        return f"{condition.measure} {_number(low)}{unit} or more"
    return f"{condition.measure} {_number(low)} to below {_number(high)}{unit}"


def _number(value: float | None) -> str:
    return f"{value:g}".replace("-", "−")


def slices_found(found: FoundSlices, view: View) -> str:
    """How many groups were looked at, and in how many of them the run errs beyond chance."""
    if not found.columns:
        return "These images are all of one class and alike in shape: there are no groups."
    if not found.n_candidates:
        return _too_few(found)
    looked_at = (
        f"{found.n_candidates:,} groups of at most two conditions were looked at, over "
        f"{_listed(found.columns)}: "
    )
    n = len(found.slices)
    if not n:
        return f"{looked_at}in none of them does {plain(view.run.name)} err beyond chance."
    more = " Each of them adds to those above it." if n > 1 else ""
    return f"{looked_at}in {n} of them {plain(view.run.name)} errs beyond chance.{more}"


def _too_few(found: FoundSlices) -> str:
    right = found.n_images - found.n_errors
    what = "errors" if found.n_errors <= right else "right answers"
    return (
        f"Too few {what} to look for groups: of {images(found.n_images)} {found.n_errors:,} "
        f"{'is' if found.n_errors == 1 else 'are'} wrong, and it takes at least "
        f"{FEWEST_ERRORS_IN_ALL} {what}."
    )


def _listed(columns: Sequence[str]) -> str:
    named = ["true class" if column == "true" else column for column in columns]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def slices_method() -> str:
    """What p means, up to which groups are listed, and what a search does to their rates."""
    return (
        f"p: of {N_DRAWS} times that as many errors were dealt out to the images by chance, how "
        f"often some group stood out at least as far; groups up to {p_value(SUPPORTED)} are "
        "listed. They were chosen for their errors, so that the rates of other images like them "
        "are likely to be somewhat lower."
    )
