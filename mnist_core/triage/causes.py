"""The causes of errors that analysts name: their words, and what was found for each image."""

from __future__ import annotations

import operator
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets.dataset import MOST_CLASSES
from mnist_core.errors import TriageError

LABEL_WRONG = "label wrong"


CAUSES = (LABEL_WRONG, "ambiguous", "broken stroke", "unusual style", "model's blunder")
"""The causes that have a key of their own; any other is in the analyst's own words."""


MOST_CHARACTERS = 60


def now() -> str:
    """This moment in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Finding:
    """What somebody says of one image.

    Attributes:
        image: Position in its split, from 0.
        cause: One of `CAUSES` or own words, see `cause_named`; None takes back what was said.
        label: What a wrong label should be, a class of the data set, if the analyst says so; only
            with `LABEL_WRONG`.
        at: When, in UTC as ISO 8601.

    Raises:
        TriageError: Something is not as above.
    """

    image: int
    cause: str | None
    label: int | None = None
    at: str = field(default_factory=now)

    def __post_init__(self) -> None:
        # SQLite would keep an integer of numpy as bytes.
        image = operator.index(self.image)
        label = None if self.label is None else operator.index(self.label)
        cause = None if self.cause is None else cause_named(self.cause)
        if not 0 <= image < 2**31:
            raise TriageError(
                f"Expected an image's position in its split, from 0. Received: {image}. "
                "Choose an image of the split."
            )
        if label is not None and not 0 <= label < MOST_CLASSES:
            raise TriageError(
                f"Expected a suggested label from 0 to {MOST_CLASSES - 1}. Received: {label}. "
                "Suggest one of the classes, or none."
            )
        if label is not None and cause != LABEL_WRONG:
            raise TriageError(
                f"Expected a suggested label only where the cause is ‘{LABEL_WRONG}’. Received: "
                f"{label} with ‘{cause}’. Leave the label out, or choose that cause."
            )
        for name, value in (("image", image), ("cause", cause), ("label", label)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as it was written down.

    Attributes:
        number: Greater than that of every entry before; never used again.
        split: Fingerprint of the split that the image belongs to.
        image: As in `Finding`, like the others.
    """

    number: int
    split: str
    image: int
    cause: str | None
    label: int | None
    at: str


def cause_named(words: str) -> str:
    """A cause as it is kept: one line without spaces at its ends, `CAUSES` in their own spelling.

    Raises:
        TriageError: It is empty, longer than `MOST_CHARACTERS`, or cannot be printed.
    """
    cause = " ".join(unicodedata.normalize("NFC", words).split())
    if not cause or len(cause) > MOST_CHARACTERS or not cause.isprintable():
        raise TriageError(
            f"Expected a cause of 1 to {MOST_CHARACTERS} printable characters. Received: "
            f"{words[:80]!r}. Say it in a few plain words."
        )
    return next((known for known in CAUSES if known.casefold() == cause.casefold()), cause)


def counts(causes: Mapping[int, Entry]) -> Mapping[str, int]:
    """Images of each cause: all of `CAUSES` in their order, then own words, the commonest first.

    Args:
        causes: As `Triage.causes` gives them.
    """
    found = Counter(entry.cause for entry in causes.values() if entry.cause is not None)
    return MappingProxyType(dict.fromkeys(CAUSES, 0) | dict(found.most_common()))


def wrong_labels(causes: Mapping[int, Entry]) -> np.ndarray:
    """Positions of the images marked as mislabelled, ascending.

    Args:
        causes: As `Triage.causes` gives them.

    Returns:
        Read-only. `int64`, shape `(n,)`.
    """
    wrong = sorted(image for image, entry in causes.items() if entry.cause == LABEL_WRONG)
    return read_only(np.array(wrong, np.int64))
