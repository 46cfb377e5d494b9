"""`Triage`: what an analyst found to be the cause of each error, kept entry by entry."""

from __future__ import annotations

import operator
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np

from mnist_core import triage_file
from mnist_core.arrays import read_only
from mnist_core.datasets.dataset import MOST_CLASSES
from mnist_core.errors import TriageError

LABEL_WRONG = "label wrong"
CAUSES = (LABEL_WRONG, "ambiguous", "broken stroke", "unusual style", "model's blunder")
"""The causes that have a key of their own; any other is in the analyst's own words."""
MOST_CHARACTERS = 60

_CURRENT = """
    SELECT number, split, image, cause, label, at
    FROM (SELECT max(number) AS latest FROM entries WHERE split = ? GROUP BY image)
    JOIN entries ON number = latest ORDER BY image
"""
_UNDO = """
    DELETE FROM entries WHERE number = ? AND NOT EXISTS
        (SELECT 1 FROM entries AS later WHERE later.split = entries.split
            AND later.image = entries.image AND later.number > entries.number)
"""


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


@dataclass(frozen=True)
class Triage:
    """The entries of one data set; any number of threads, tabs and processes may share the file.

    An image's cause is that of its latest entry. Every method raises a `TriageError` if the file
    cannot be used, and then leaves it as it is.

    Attributes:
        path: A file that need not exist; the first entry makes it.
    """

    path: Path

    def causes(self, split: str) -> Mapping[int, Entry]:
        """The latest entry of each image that has a cause, by position in the split, ascending.

        Args:
            split: The split's fingerprint.
        """
        entries = [Entry(*row) for row in triage_file.read(self.path, _CURRENT, (split,))]
        return MappingProxyType({e.image: e for e in entries if e.cause is not None})

    def enter(
        self, split: str, image: int, cause: str | None, *, label: int | None = None
    ) -> Entry:
        """Write down one finding, see `Finding`; its `number` is what `undo` asks for.

        Args:
            split: The split's fingerprint.
        """
        finding = Finding(image, cause, label)
        with triage_file.writing(self.path) as connection:
            return _append(connection, split, finding)

    def merge(self, split: str, findings: Iterable[Finding]) -> tuple[Entry, ...]:
        """Write down, all or none, the findings that differ from what the images have now.

        Args:
            split: The split's fingerprint.
            findings: See `triage_csv.read_csv`. Their times are kept.

        Returns:
            The new entries, in order.
        """
        findings = tuple(findings)
        if not findings:
            return ()
        with triage_file.writing(self.path) as connection:
            entries = (Entry(*row) for row in connection.execute(_CURRENT, (split,)))
            said = {entry.image: (entry.cause, entry.label) for entry in entries}
            return tuple(
                _append(connection, split, finding)
                for finding in findings
                if said.get(finding.image, (None, None)) != (finding.cause, finding.label)
            )

    def undo(self, number: int) -> bool:
        """Take an entry back, so that its image has again what it had before.

        Only if no later entry speaks of the same image: what another tab has written since
        stays.

        Returns:
            Whether it was taken back.
        """
        with triage_file.writing(self.path) as connection:
            return connection.execute(_UNDO, (operator.index(number),)).rowcount == 1


def triage_of(dataset: str, home: Path) -> Triage:
    """The triage of the data set of that name, in the folder of what the user made."""
    return Triage(home / "triage" / f"{dataset}.sqlite")


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


def _append(connection: sqlite3.Connection, split: str, finding: Finding) -> Entry:
    row = (split, finding.image, finding.cause, finding.label, finding.at)
    number = connection.execute(
        "INSERT INTO entries (split, image, cause, label, at) VALUES (?, ?, ?, ?, ?)", row
    ).lastrowid
    assert number is not None
    return Entry(number, *row)
