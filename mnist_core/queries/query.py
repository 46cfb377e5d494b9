"""`parse_query`: a condition in Python's notation, read by an allow-list; nothing of it is run."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mnist_core.queries.columns import COLUMNS, Column
from mnist_core.queries.reader import Reader
from mnist_core.queries.references import Reference, references
from mnist_core.queries.subject import Subject
from mnist_core.queries.tree import tree_of
from mnist_core.queries.values import Classes, Condition, Numbers, Texts, Value

_LINE_ENDS = r"(?<=\n)|(?<=\r)(?!\n)"
"""As Python counts lines; `str.splitlines` knows more of them."""


@dataclass(frozen=True)
class Query:
    """A question about images, read and checked.

    Attributes:
        text: As it was written.
        references: What must be known to answer it.
    """

    text: str
    references: tuple[Reference, ...]
    _tree: ast.expr
    _class_names: tuple[str, ...]

    def find(self, subject: Subject) -> np.ndarray:
        """Positions of the images of which it is true, ascending. `int64`, shape `(k,)`.

        What is unknown of an image (NaN) satisfies nothing.

        Raises:
            QueryError: Something that it names is not known of the subject.
        """
        values = {ref: _value(COLUMNS[ref.column], _of(ref, subject)) for ref in self.references}
        condition = Reader(self.text, self._class_names, values).condition(self._tree)
        return np.flatnonzero(np.broadcast_to(condition.yes, (len(subject.y_true),)))

    @property
    def runs(self) -> tuple[str, ...]:
        """Whose answers it asks for, as it names them; empty for the run on show."""
        asked = (ref.run for ref in self.references if COLUMNS[ref.column].is_of_runs)
        return tuple(dict.fromkeys(asked))

    @property
    def names_images(self) -> bool:
        """Whether it names images one by one, as in `index in (3, 8)`; nobody knows why these.

        A range of numbers, as in `index < 5000`, names none.
        """
        return any(
            isinstance(sign, ast.Eq | ast.NotEq | ast.In | ast.NotIn)
            and any(
                isinstance(part, ast.Name) and part.id == "index"
                for side in sides
                for part in ast.walk(side)
            )
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Compare)
            for sides, sign in zip(pairwise([node.left, *node.comparators]), node.ops, strict=True)
        )

    def uses_answers_of(self, run: str, *, shown: str = "") -> bool:
        """Whether it chooses images by what a run answered, after whichever epoch.

        Causes are written down about errors, and some columns are known from several runs at once:
        each run is taken to have a part in these. So it is where images are named one by one,
        since that may be done for how they were answered.

        Args:
            run: Name of the run.
            shown: Name of the run that it is asked of.
        """
        sources = {COLUMNS[reference.column].known_from for reference in self.references}
        named = (name.partition("@")[0] or shown for name in self.runs)
        return self.names_images or bool(sources & {"causes", "runs"}) or run in named

    def pinned(self, run: str, epoch: int) -> str:
        """The same query whatever is on show: what it asks of the run on show names that run.

        `wrong and ink > 90` becomes `wrong["cnn@8"] and ink > 90`.

        Args:
            run: Name of the run that it is asked of.
            epoch: The epoch, counted from 1.
        """
        suffix = f"[{json.dumps(f'{run}@{epoch}', ensure_ascii=False)}]".encode()
        lines = [line.encode() for line in re.split(_LINE_ENDS, self.text.strip())]
        for reference, node in sorted(
            references(self._tree, self.text), key=lambda found: _end(found[1]), reverse=True
        ):
            if COLUMNS[reference.column].is_of_runs and not reference.run:
                line, at = _end(node)
                lines[line - 1] = lines[line - 1][:at] + suffix + lines[line - 1][at:]
        return b"".join(lines).decode()


def parse_query(text: str, class_names: Sequence[str]) -> Query:
    """Read a query.

    Args:
        text: Such as `wrong and confidence > 0.9 and true in (4, "9")`: names of `COLUMNS`,
            numbers, classes by number or name, `and or not in ( )`, comparisons and chains of
            them, `+ - * /`.
        class_names: Name of each class of the split.

    Raises:
        QueryError: It is no such condition; the message names the word.
    """
    tree = tree_of(text)
    named = tuple(dict.fromkeys(reference for reference, _ in references(tree, text)))
    # A reading over no image at all finds whatever does not fit together.
    nothing = {reference: _value(COLUMNS[reference.column], np.empty(0)) for reference in named}
    Reader(text, tuple(class_names), nothing).condition(tree)
    return Query(text, named, tree, tuple(class_names))


def _end(node: ast.expr) -> tuple[int, int]:
    """Line, from 1, and byte of it at which a part of a query ends."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


def _of(reference: Reference, subject: Subject) -> np.ndarray:
    asked = subject.of_run(reference.run) if reference.run else subject
    return COLUMNS[reference.column].of(asked)


def _value(column: Column, values: np.ndarray) -> Value:
    if column.kind == "number":
        return Numbers(values.astype(np.float64))
    if column.kind == "class":
        return Classes(values.astype(np.int64))
    if column.kind == "text":
        return Texts(values.astype(object), frozenset((*column.words, *values)))
    return Condition.of(values.astype(bool))
