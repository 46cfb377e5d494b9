"""Causes of errors as a table for spreadsheets, and back."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from mnist_core.errors import TriageError
from mnist_core.triage.causes import Entry, Finding, now

COLUMNS = ("index", "cause", "suggested_label", "time", "split_fingerprint")
MOST_COMPLAINTS = 20

_FORMULA = tuple("=+-@＝＋－＠")
"""How cells begin that a spreadsheet computes (owasp.org, CSV Injection)."""


def to_csv(causes: Mapping[int, Entry]) -> bytes:
    """One line per image, as UTF-8 with the mark by which Excel knows it.

    Words that a spreadsheet would compute begin with an apostrophe, which `read_csv` removes.

    Args:
        causes: As `Triage.causes` gives them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in causes.values():
        words = _harmless(entry.cause or "")
        writer.writerow((entry.image, words, entry.label, entry.at, entry.split))
    return text.getvalue().encode("utf-8-sig")


def read_csv(content: bytes, *, split: str, size: int, n_classes: int = 10) -> tuple[Finding, ...]:
    """The findings in a table that `to_csv` or a spreadsheet wrote, for `Triage.merge`.

    Commas, semicolons or tabs separate the cells, whichever the first line has. An empty time means
    now, a time without its zone is UTC.

    Args:
        content: The whole file.
        split: Fingerprint of the split that the table must speak of.
        size: Number of images of that split.
        n_classes: Number of its classes, one of which a suggested label must be.

    Raises:
        TriageError: It is no such table, speaks of other images, or has bad lines; each is named.
    """
    findings: dict[int, Finding] = {}
    strange, bad = [], []
    for number, cells in _lines(content):
        if cells["split_fingerprint"] != split:
            strange.append(number)
            continue
        try:
            finding = _finding(cells, size=size, n_classes=n_classes)
            if finding.image in findings:
                raise TriageError(f"index {finding.image} a second time.")
            findings[finding.image] = finding
        except TriageError as error:
            bad.append(f"Line {number}: {error}")
    if strange:
        raise TriageError(
            f"Expected the split_fingerprint of the images on show, {split[:8]}…. Received: "
            f"another in line {strange[0]}, {len(strange):,} in all. Choose the split they belong "
            "to."
        )
    if bad:
        raise TriageError(_all_bad(bad))
    return tuple(findings.values())


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
        heading = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=heading.count)
        file = io.StringIO(text, newline="")
        table = csv.DictReader(file, delimiter=delimiter, restkey="surplus", restval="")
        if not set(COLUMNS) <= set(table.fieldnames or ()):
            raise TriageError(
                f"Expected a table with the columns {', '.join(COLUMNS)}. Received: "
                f"{heading[:80]!r}. Start with a table that was exported here."
            )
        for cells in table:
            if "surplus" in cells:
                raise TriageError(
                    f"Expected {len(table.fieldnames or ())} cells in every line. Received: more "
                    f"in line {table.line_num}. Put words with a ‘{delimiter}’ in quotes."
                )
            yield table.line_num, {name: cells[name].strip() for name in COLUMNS}
    except (UnicodeDecodeError, csv.Error) as error:
        raise TriageError(
            f"Expected a table as CSV in UTF-8. Received: {error}. Save it as CSV UTF-8."
        ) from error


def _finding(cells: Mapping[str, str], *, size: int, n_classes: int) -> Finding:
    image = _whole_number(cells["index"], "index")
    if image >= size:
        raise TriageError(f"index {image}, but the split has {size:,} images.")
    written = cells["suggested_label"]
    label = _whole_number(written, "suggested_label") if written else None
    if label is not None and label >= n_classes:
        raise TriageError(f"suggested_label {label}, but the classes are 0 to {n_classes - 1}.")
    return Finding(
        image,
        _restored(cells["cause"]),
        label,
        _time(cells["time"]) if cells["time"] else now(),
    )


def _whole_number(cell: str, column: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", cell):
        raise TriageError(f"{column} {cell[:40]!r} is not a whole number.")
    return int(cell)


def _time(cell: str) -> str:
    try:
        time = datetime.fromisoformat(cell)
        zoned = time if time.tzinfo else time.replace(tzinfo=UTC)
        return zoned.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise TriageError(f"time {cell[:40]!r} is not like {now()}.") from None


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(("'", *_FORMULA)) else words


def _restored(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(("'", *_FORMULA)) else cell


def _all_bad(complaints: list[str]) -> str:
    more = len(complaints) - MOST_COMPLAINTS
    others = f" And {more:,} more." if more > 0 else ""
    return (
        "Expected an index, a cause, a label or none, and a time in every line; nothing was "
        f"imported. Received: {' '.join(complaints[:MOST_COMPLAINTS])}{others} Fix them, try again."
    )
