"""`parse_query`: a condition in Python's notation, read by an allow-list; nothing of it is run."""

from __future__ import annotations

import ast
import difflib
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from mnist_core.errors import QueryError
from mnist_core.queries.columns import COLUMNS, Column
from mnist_core.queries.subject import Subject
from mnist_core.queries.tree import said_elsewhere, tree_of
from mnist_core.queries.values import (
    IN_WORDS,
    Classes,
    Condition,
    Numbers,
    Texts,
    Value,
    Word,
)

LARGEST_NUMBER = 1e15

_COMPARISONS: dict[type[ast.cmpop], Callable] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Reference:
    """A column that a query names, and the run that it is asked of; empty for the one on show."""

    column: str
    run: str = ""


Values = Mapping[Reference, Value]


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
        condition = _Reader(self.text, self._class_names, values).condition(self._tree)
        return np.flatnonzero(np.broadcast_to(condition.yes, (len(subject.answers),)))


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
    references = tuple(dict.fromkeys(_references(tree, text)))
    # A reading over no image at all finds whatever does not fit together.
    nothing = {ref: _value(COLUMNS[ref.column], _EMPTY) for ref in references}
    _Reader(text, tuple(class_names), nothing).condition(tree)
    return Query(text, references, tree, tuple(class_names))


_EMPTY = np.empty(0)


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


def _references(tree: ast.expr, text: str) -> list[Reference]:
    found, inside = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            inside.add(id(node.value))
            found.append(_of_run(node, text))
        elif isinstance(node, ast.Name) and id(node) not in inside:
            found.append(Reference(_column(node.id).name))
    return found


def _of_run(node: ast.Subscript, text: str) -> Reference:
    if not isinstance(node.value, ast.Name):
        _refuse(node, text)
    column, run = _column(node.value.id), node.slice
    if not isinstance(run, ast.Constant) or not isinstance(run.value, str) or not run.value:
        is_empty = isinstance(run, ast.Constant) and run.value == ""
        raise QueryError(
            f'Expected the name of a run in quotes, as in {column.name}["cnn"]. Received: '
            f"“{_source(node, text)}”. {'Name a run.' if is_empty else 'Put it in quotes.'}"
        )
    if not column.is_of_runs:
        others = ", ".join(name for name, one in COLUMNS.items() if one.is_of_runs)
        raise QueryError(
            f"Expected {others} in front of a run's name. Received: “{_source(node, text)}”. Leave "
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


def _source(node: ast.AST, text: str) -> str:
    return (ast.get_source_segment(text.strip(), node) or type(node).__name__)[:60]


def _refuse(node: ast.AST, text: str) -> NoReturn:
    raise QueryError(
        "Expected names of columns, numbers, text in quotes, comparisons, + - * /, and, or, not, "
        f"in and brackets. Received: “{_source(node, text)}”. "
        f"{said_elsewhere(_source(node, text)) or 'Say it with these.'}"
    )


@dataclass(frozen=True)
class _Reader:
    """Reads a tree of a query over values."""

    text: str
    class_names: tuple[str, ...]
    values: Values

    def condition(self, node: ast.expr) -> Condition:
        value = self.value(node)
        if not isinstance(value, Condition):
            self._mismatch(node, "a condition, such as confidence < 0.6", value)
        return value

    def value(self, node: ast.expr) -> Value:
        """What a part of the query stands for."""
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.Name):
            return self.values[Reference(node.id)]
        if isinstance(node, ast.Subscript):
            return self.values[_of_run(node, self.text)]
        if isinstance(node, ast.BoolOp):
            return self._joined(node)
        if isinstance(node, ast.Compare):
            return self._chain(node)
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            left, right = self._number(node.left), self._number(node.right)
            with np.errstate(all="ignore"):
                return Numbers(_ARITHMETIC[type(node.op)](left, right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self.condition(node.operand)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            number = self._number(node.operand)
            return Numbers(-number if isinstance(node.op, ast.USub) else number)
        _refuse(node, self.text)

    def _constant(self, node: ast.Constant) -> Value:
        value = node.value
        if isinstance(value, bool):
            return Condition.of(np.array(value))
        if isinstance(value, str):
            return Word(value)
        if isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER:
            return Numbers(np.array(float(value)))
        _refuse(node, self.text)

    def _joined(self, node: ast.BoolOp) -> Condition:
        first, *others = (self.condition(part) for part in node.values)
        for other in others:
            first = first & other if isinstance(node.op, ast.And) else first | other
        return first

    def _chain(self, node: ast.Compare) -> Condition:
        sides = [node.left, *node.comparators]
        found = Condition.of(np.array(True))
        for left, sign, right in zip(sides, node.ops, sides[1:], strict=False):
            found = found & self._compared(left, sign, right)
        return found

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Condition:
        if isinstance(sign, ast.In | ast.NotIn):
            inside = self._is_in(left, right)
            return ~inside if isinstance(sign, ast.NotIn) else inside
        if type(sign) not in _COMPARISONS:
            raise QueryError(
                "Expected ==, != or another comparison. Received: “"
                f"{'is not' if isinstance(sign, ast.IsNot) else 'is'}”. Write == instead."
            )
        return self._pair(left, sign, right)

    def _is_in(self, left: ast.expr, right: ast.expr) -> Condition:
        if not isinstance(right, ast.Tuple | ast.List):
            raise QueryError(
                "Expected several values in brackets behind in, as in true in (4, 9). Received: "
                f"“{_source(right, self.text)}”. Put a comma behind a single one."
            )
        found = Condition.of(np.array(False))
        for one in right.elts:
            found = found | self._pair(left, ast.Eq(), one)
        return found

    def _pair(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Condition:
        one, other, compare = self.value(left), self.value(right), _COMPARISONS[type(sign)]
        is_equality = isinstance(sign, ast.Eq | ast.NotEq)
        if isinstance(one, Word) and isinstance(other, Classes):
            one = self._class(left, one)
        if isinstance(other, Word) and isinstance(one, Classes):
            other = self._class(right, other)
        if is_equality:
            self._check_class(one, other, right)
            self._check_class(other, one, left)
        if isinstance(one, Numbers | Classes) and isinstance(other, Numbers | Classes):
            a, b = one.values, other.values
            return Condition.of(compare(a, b), ~(np.isnan(a) | np.isnan(b)))
        if is_equality and isinstance(one, Condition) and isinstance(other, Condition):
            is_known = (one.yes | one.no) & (other.yes | other.no)
            return Condition.of(compare(one.yes, other.yes), is_known)
        if is_equality and isinstance(one, Texts | Word) and isinstance(other, Texts | Word):
            self._check_word(one, other)
            self._check_word(other, one)
            texts = [side.text if isinstance(side, Word) else side.values for side in (one, other)]
            return Condition.of(np.asarray(compare(*texts), bool))
        signs = "== or !=" if isinstance(one, Texts | Word | Condition) else "two numbers"
        raise QueryError(
            f"Expected {signs} between values of one kind. Received: “{_source(left, self.text)}”, "
            f"{IN_WORDS[type(one)]}, and “{_source(right, self.text)}”, {IN_WORDS[type(other)]}. "
            f"{self._compared_otherwise(left, right)}"
        )

    def _compared_otherwise(self, left: ast.expr, right: ast.expr) -> str:
        """How a condition is used that somebody compared with what is none."""
        for node in (left, right):
            if isinstance(self.value(node), Condition) and not isinstance(node, ast.Constant):
                source = _source(node, self.text)
                return f"Write {source} alone, or not {source}."
        return "Compare it with something else."

    def _class(self, node: ast.expr, word: Word) -> Classes:
        if word.text in self.class_names:
            return Classes(np.array(self.class_names.index(word.text)))
        near = difflib.get_close_matches(word.text, self.class_names, 1, 0.5)
        which = f"Did you mean “{near[0]}”?" if near else f"There are: {_few(self.class_names)}."
        raise QueryError(f"Expected the name of a class. Received: “{word.text[:60]}”. {which}")

    def _check_class(self, one: Value, other: Value, node: ast.expr) -> None:
        """A number that is no class is a slip, not a condition that nothing meets."""
        if not isinstance(one, Classes) or not isinstance(other, Numbers) or other.values.ndim:
            return
        if float(other.values) not in range(len(self.class_names)):
            raise QueryError(
                f"Expected one of the classes 0 to {len(self.class_names) - 1}. Received: "
                f"{_source(node, self.text)}. Choose one of these."
            )

    def _check_word(self, one: Value, other: Value) -> None:
        """So is a text that no image can have; as a query is parsed there are no images yet."""
        if not isinstance(one, Texts) or not isinstance(other, Word) or not one.values.size:
            return
        if other.text not in one.known:
            near = difflib.get_close_matches(other.text, one.known, 1, 0.5)
            there = ", ".join(f"“{word}”" for word in sorted(one.known) if word)
            which = f"Did you mean “{near[0]}”?" if near else f"There are: {there}."
            raise QueryError(
                f"Expected one of the causes that are written down. Received: "
                f"“{other.text[:60]}”. {which}"
            )

    def _number(self, node: ast.expr) -> np.ndarray:
        value = self.value(node)
        if not isinstance(value, Numbers | Classes):
            self._mismatch(node, "a number", value)
        return value.values.astype(np.float64)

    def _mismatch(self, node: ast.expr, expected: str, value: Value) -> NoReturn:
        raise QueryError(
            f"Expected {expected}. Received: “{_source(node, self.text)}”, which is "
            f"{IN_WORDS[type(value)]}. {self._mended(node, expected, value)}"
        )

    def _mended(self, node: ast.expr, expected: str, value: Value) -> str:
        """How what was received could be used, by example."""
        source = _source(node, self.text)
        if expected == "a number":
            return "Calculate with numbers alone, such as confidence."
        if isinstance(value, Word):
            return f"Compare a column with it, as in cause == {source}."
        if isinstance(node, ast.Name) and COLUMNS[node.id].example:
            return f"Compare it with something, as in {COLUMNS[node.id].example}."
        sign = "== 4" if isinstance(value, Classes) else "> 1"
        return f"Compare it with something, as in {source} {sign}."


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
