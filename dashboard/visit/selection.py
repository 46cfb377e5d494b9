"""`Selection`: what is looked at, in names and numbers, as an address holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

LABELS = ("all", "undisputed")
"""Which labels count: all, or those that the analyst did not mark as wrong."""

EVERY_RUN = "*"
"""In place of the names of all runs, so that an address stays short; no run has this name."""


@dataclass(frozen=True)
class Selection:
    """What the visitor looks at; `None` where nothing is chosen.

    What is asked for may not exist: `repair.settle` makes of it what does.

    Attributes:
        data: Name of the data set.
        split: Name of its split.
        run: Name of the run.
        epoch: Epoch of the checkpoint, counted from 1.
        baseline: Name of the run to compare with; it may be the same.
        baseline_epoch: Its epoch, counted from 1.
        true: True class of the chosen cell of the confusion matrix.
        predicted: Predicted class of the chosen cell.
        image: Position of the opened image in its split.
        before: Class predicted by the baseline, of a cell of prediction against prediction.
        after: Class predicted by the run, of such a cell.
        set: Images that all is narrowed to: a query, or the name under which more than a few are
            kept; `None` for the whole split.
        cause: Only images with this cause are listed; `None` for all.
        labels: One of `LABELS`.
        curves: Names of the runs whose learning curves are shown, with commas; `None` for that
            of `run` and the two best others.
        alone: The only one of them that is drawn; `None` for all.
        runs: Names of the runs that are looked at all at once, with commas, or `EVERY_RUN`; `None`
            for all, or of many the best.
        erring: Name of the run of these whose errors are listed: those it makes alone, or with
            `erring_too`; `None` for the errors of all.
        erring_too: Name of the run that errs on the same images; it may be the same.
    """

    data: str | None = None
    split: str | None = None
    run: str | None = None
    epoch: int | None = None
    baseline: str | None = None
    baseline_epoch: int | None = None
    true: int | None = None
    predicted: int | None = None
    image: int | None = None
    before: int | None = None
    after: int | None = None
    set: str | None = None
    cause: str | None = None
    labels: str = LABELS[0]
    curves: str | None = None
    alone: str | None = None
    runs: str | None = None
    erring: str | None = None
    erring_too: str | None = None

    def query(self) -> dict[str, str]:
        """The part of an address that restores this selection."""
        values = {name: getattr(self, name) for name in NAMES}
        values["labels"] = None if self.labels == LABELS[0] else self.labels
        return {name: str(value) for name, value in values.items() if value is not None}


NAMES = tuple(field.name for field in fields(Selection))


def read_selection(query: Mapping[str, str]) -> tuple[Selection, tuple[str, ...]]:
    """Read a selection from an address.

    Returns:
        The selection, and one sentence for each value that cannot be read and was left out.
    """
    values: dict[str, Any] = {}
    notes = []
    for name, kind in get_type_hints(Selection).items():
        text = query.get(name)
        if text is None or (not text and name != "curves"):  # no curves at all is a choice
            continue
        digits = text.removeprefix("-")  # whether the number exists is for `settle` to say
        if name == "labels" and text not in LABELS:
            notes.append(one_of(name, LABELS, text))
        elif kind != int | None:
            values[name] = text
        elif digits.isascii() and digits.isdigit() and len(digits) < 10:
            values[name] = int(text)
        else:
            notes.append(f"The link's {name} should be a whole number, not “{text[:40]}”.")
    return Selection(**values), tuple(notes)


def one_of(name: str, words: tuple[str, ...], text: str) -> str:
    """Say which words a part of an address can be."""
    return f"The link's {name} should be one of {', '.join(words)}, not “{text[:40]}”."
