"""The parts of a query that are joined by `and`: which there are, without one, with one more."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from mnist_core.queries.tree import tree_of


def parts(text: str) -> tuple[str, ...]:
    """What has to be true together: `a and (b or c)` has the parts `a` and `b or c`.

    Args:
        text: A query.

    Returns:
        Each as it was written, without brackets around it; one where nothing is joined.

    Raises:
        QueryError: It cannot be read.
    """
    return tuple(part.text for part in _parts(text))


def without(text: str, place: int) -> str:
    """A query without one of its `parts`, by its place from 0; empty where none is left."""
    return _all_of([part for at, part in enumerate(_parts(text)) if at != place])


def joined(text: str, condition: str) -> str:
    """A query narrowed by one more condition; what it says already is not said twice.

    A condition that keeps some values of a column, as a brush over its histogram writes it, takes
    the place of another such of the same column.

    Raises:
        QueryError: One of them cannot be read.
    """
    there = _parts(text) if text.strip() else []
    more = _parts(condition)
    replaced = {part.keeps for part in more} - {""}
    there = [part for part in there if part in more or part.keeps not in replaced]
    return _all_of([*there, *(part for part in more if part not in there)])


@dataclass(frozen=True)
class _Part:
    """A part as it was written, whether it needs brackets beside others, and what it keeps.

    `keeps` names the column of which it keeps some values; empty of all other conditions.
    """

    text: str
    needs_brackets: bool
    keeps: str


def _parts(text: str) -> list[_Part]:
    text = text.strip()
    return [
        _part(ast.get_source_segment(text, node) or text, node) for node in _sides(tree_of(text))
    ]


def _part(text: str, node: ast.expr) -> _Part:
    # `or` binds less than `and`, and only in brackets does an expression go on in the next line.
    return _Part(text, isinstance(node, ast.BoolOp) or "\n" in text, _kept_column(node))


def _kept_column(node: ast.expr) -> str:
    match node:
        case ast.Compare(left, [ast.LtE(), ast.LtE()], [ast.Name(name), high]):
            return name if _is_value(left) and _is_value(high) else ""
        case ast.Compare(ast.Name(name), [ast.Eq() | ast.In()], [value]):
            return name if _is_value(value) else ""
    return ""


def _is_value(node: ast.expr) -> bool:
    match node:
        case ast.Constant() | ast.UnaryOp(ast.USub(), ast.Constant()):
            return True
        case ast.Tuple(values):
            return all(map(_is_value, values))
    return False


def _sides(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [side for value in node.values for side in _sides(value)]
    return [node]


def _all_of(kept: Sequence[_Part]) -> str:
    if len(kept) == 1 and "\n" not in kept[0].text:
        return kept[0].text
    return " and ".join(f"({part.text})" if part.needs_brackets else part.text for part in kept)
