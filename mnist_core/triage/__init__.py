"""What an analyst found to be the cause of each error, its file, and the same as a table."""

from mnist_core.triage.causes import (
    CAUSES,
    LABEL_WRONG,
    MOST_CHARACTERS,
    Entry,
    Finding,
    cause_named,
    counts,
    wrong_labels,
)
from mnist_core.triage.history import Triage, triage_of

__all__ = [
    "CAUSES",
    "LABEL_WRONG",
    "MOST_CHARACTERS",
    "Entry",
    "Finding",
    "Triage",
    "cause_named",
    "counts",
    "triage_of",
    "wrong_labels",
]
