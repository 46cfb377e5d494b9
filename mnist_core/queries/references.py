"""`references`: the columns that a query names, and the runs that it asks them of."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from mnist_core.errors import QueryError
from mnist_core.queries.columns import COLUMNS, Column
from mnist_core.queries.tree import said_elsewhere


@dataclass(frozen=True)
class Reference:
    """A column that a query names, and the run that it is asked of; empty for the one on show."""

    column: str
    run: str = ""


def references(tree: ast.expr, text: str) -> Iterator[tuple[Reference, ast.expr]]:
    """The columns that a query names, each with its node.

    Args:
        tree: Of the query.
        text: As it was written.

    Raises:
        QueryError: There is no such column, or it cannot be asked of a run.
    """
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            inside.add(id(node.value))
            yield of_run(node, text), node
        elif isinstance(node, ast.Name) and id(node) not in inside:
            yield Reference(_column(node.id).name), node


def of_run(node: ast.Subscript, text: str) -> Reference:
    """The column of a run that a node names, as `wrong["cnn"]` does.

    Raises:
        QueryError: See `references`.
    """
    if not isinstance(node.value, ast.Name):
        raise refusal(node, text)
    column, run = _column(node.value.id), node.slice
    if not isinstance(run, ast.Constant) or not isinstance(run.value, str) or not run.value:
        is_empty = isinstance(run, ast.Constant) and run.value == ""
        raise QueryError(
            f'Expected the name of a run in quotes, as in {column.name}["cnn"]. Received: '
            f"“{source(node, text)}”. {'Name a run.' if is_empty else 'Put it in quotes.'}"
        )
    if not column.is_of_runs:
        others = ", ".join(name for name, one in COLUMNS.items() if one.is_of_runs)
        raise QueryError(
            f"Expected {others} in front of a run's name. Received: “{source(node, text)}”. Leave "
            "the run out."
        )
    return Reference(column.name, run.value)


def _column(name: str) -> Column:
    if name in COLUMNS:
        return COLUMNS[name]
    near = difflib.get_close_matches(name.lower(), COLUMNS, 1, 0.5)
    if name.lower() in ("true", "false"):  # which no column but true is called
        which = "Write True or False, or the condition alone, as in wrong and not suspect."
    else:
        which = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(COLUMNS)}."
    raise QueryError(f"Expected the name of a column. Received: “{name[:60]}”. {which}")


def source(node: ast.AST, text: str) -> str:
    """A part of a query as it was written, not too long for an error."""
    return (ast.get_source_segment(text.strip(), node) or type(node).__name__)[:60]


def refusal(node: ast.AST, text: str) -> QueryError:
    """The error about a part that no query may have."""
    return QueryError(
        "Expected names of columns, numbers, text in quotes, comparisons, + - * /, and, or, not, "
        f"in and brackets. Received: “{source(node, text)}”. "
        f"{said_elsewhere(source(node, text)) or 'Say it with these.'}"
    )
