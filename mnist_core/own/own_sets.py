"""Sets of one's own digits: data sets with a test split alone, which change digit by digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mnist_core.datasets import Dataset, Split, added
from mnist_core.errors import DatasetError
from mnist_core.own.own_digits import MOST_DIGITS, OwnDigits

SOURCE = "digits of your own"


def own_set_names() -> tuple[str, ...]:
    """Names of all sets of one's own digits, in order; not of such as are damaged."""
    return tuple(name for name in added.added_names() if is_own_set(name))


def is_own_set(name: str) -> bool:
    """Whether it is the name of a set of one's own digits that can be read."""
    if not added.is_added(name):
        return False
    try:
        about = added.find(name)
    except DatasetError:
        return False
    return about.source == SOURCE and set(about.sizes) == {"test"}


def keep_digits(name: str, digits: OwnDigits, class_names: Sequence[str]) -> int:
    """Put digits into a set, which is made if it is not there; those that are there stay once.

    Args:
        name: Of the set.
        digits: Those with a label are put there.
        class_names: Name of each class.

    Returns:
        How many were put there.

    Raises:
        DatasetError: The name is another data set's or cannot be used, none has a label, there are
            too many, the set has other classes, or it cannot be written.
    """
    labelled = digits.at(digits.labelled)
    if not len(labelled):
        raise DatasetError(
            "Expected digits with a label. Received: none. Say first which digits they are."
        )
    with added.changing(name):
        if not added.is_added(name):
            put = _without_copies(labelled)
            _put(name, put, class_names)
            return len(put)
        there = own_digits_of(name)
        if added.find(name).class_names != tuple(class_names):
            raise DatasetError(
                f"Expected digits of the classes of {name}. Received: others. Choose another name."
            )
        both = _without_copies(there.joined(labelled))
        _put(name, both, class_names)
        return len(both) - len(there)


def own_digits_of(name: str) -> OwnDigits:
    """The digits of a set.

    Raises:
        DatasetError: It is no set of one's own digits, or cannot be read.
    """
    if not is_own_set(name):
        raise DatasetError(
            f"Expected a set of your own digits. Received: {name}, which is another data set or "
            "gone. Choose another name."
        )
    split = added.read(name).split("test")
    names = np.full(len(split), "") if split.names is None else split.names
    return OwnDigits(split.images, split.labels.astype(np.int64), names)


def change_digit(
    name: str, image: np.ndarray, called: str, change: Callable[[OwnDigits, int], OwnDigits]
) -> None:
    """Change or remove one digit of a set, wherever it lies by now.

    Args:
        name: Of the set.
        image: The digit. `uint8`, shape `(28, 28)`.
        called: Its name.
        change: Is given the digits and the position of this one; gives what they become.

    Raises:
        DatasetError: The set or the digit is gone, none would be left, or it cannot be written.
    """
    with added.changing(name):
        digits = own_digits_of(name)
        place = digits.place_of(image, called)
        if place is None:
            raise DatasetError(
                f"Expected a digit of {name}. Received: one that has been removed since. Choose "
                "another."
            )
        changed = change(digits, place)
        if not len(changed):
            raise DatasetError(
                f"Expected a set with one digit at least. Received: the last one of {name}. Delete "
                "the set instead."
            )
        _put(name, changed, added.find(name).class_names)


def _put(name: str, digits: OwnDigits, class_names: Sequence[str]) -> None:
    if len(digits) > MOST_DIGITS:
        raise DatasetError(
            f"Expected at most {MOST_DIGITS:,} digits of your own in a set. Received: "
            f"{len(digits):,}. Begin another."
        )
    labels = digits.labels.astype(np.uint8)
    split = Split("test", digits.images, labels, tuple(class_names), digits.names)
    added.put(Dataset(name, name, {"test": split}, source=SOURCE, pixels="digits"))


def _without_copies(digits: OwnDigits) -> OwnDigits:
    """Each image of a name once, the first with its label."""
    seen: set[tuple[bytes, str]] = set()
    kept = []
    for place in range(len(digits)):
        which = digits.images[place].tobytes(), str(digits.names[place])
        if which not in seen:
            seen.add(which)
            kept.append(place)
    return digits.at(np.array(kept, np.int64))
