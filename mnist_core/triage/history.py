"""`Triage`: what an analyst found to be the cause of each error, kept entry by entry."""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from mnist_core.triage import triage_file
from mnist_core.triage.causes import Entry, Finding

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


def _append(connection: sqlite3.Connection, split: str, finding: Finding) -> Entry:
    row = (split, finding.image, finding.cause, finding.label, finding.at)
    number = connection.execute(
        "INSERT INTO entries (split, image, cause, label, at) VALUES (?, ?, ?, ?, ?)", row
    ).lastrowid
    assert number is not None
    return Entry(number, *row)
