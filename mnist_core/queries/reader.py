"""`Reader`: what the tree of a query says, read over values by an allow-list."""

from __future__ import annotations

import ast
import difflib
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from mnist_core.errors import QueryError
from mnist_core.queries.columns import COLUMNS
from mnist_core.queries.references import Reference, of_run, refusal, source
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
class _Side:
    """A side of a comparison, worked out once however often it is compared."""

    node: ast.expr
    value: Value


@dataclass(frozen=True)
class Reader:
    """Reads a tree of a query over values.

    Attributes:
        text: The query as it was written.
        class_names: Name of each class.
        values: Of every column that it names.
    """

    text: str
    class_names: tuple[str, ...]
    values: Mapping[Reference, Value]

    def condition(self, node: ast.expr) -> Condition:
        """Of which images a part of the query is true.

        Raises:
            QueryError: It is no condition, or its sides do not fit together.
        """
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
            return self.values[of_run(node, self.text)]
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
        raise refusal(node, self.text)

    def _constant(self, node: ast.Constant) -> Value:
        value = node.value
        if isinstance(value, bool):
            return Condition.of(np.array(value))
        if isinstance(value, str):
            return Word(value)
        if isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER:
            return Numbers(np.array(float(value)))
        raise refusal(node, self.text)

    def _joined(self, node: ast.BoolOp) -> Condition:
        first, *others = (self.condition(part) for part in node.values)
        for other in others:
            first = first & other if isinstance(node.op, ast.And) else first | other
        return first

    def _chain(self, node: ast.Compare) -> Condition:
        found, left = Condition.of(np.array(True)), self._side(node.left)
        for sign, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(sign, ast.In | ast.NotIn):
                inside = self._is_in(left, right)
                if right is not node.comparators[-1]:  # several values are no side of what follows
                    raise refusal(right, self.text)
                return found & (~inside if isinstance(sign, ast.NotIn) else inside)
            if type(sign) not in _COMPARISONS:
                raise QueryError(
                    "Expected ==, != or another comparison. Received: “"
                    f"{'is not' if isinstance(sign, ast.IsNot) else 'is'}”. Write == instead."
                )
            other = self._side(right)
            found, left = found & self._pair(left, sign, other), other
        return found

    def _side(self, node: ast.expr) -> _Side:
        return _Side(node, self.value(node))

    def _is_in(self, left: _Side, right: ast.expr) -> Condition:
        if not isinstance(right, ast.Tuple | ast.List):
            raise QueryError(
                "Expected several values in brackets behind in, as in true in (4, 9). Received: "
                f"“{source(right, self.text)}”. Put a comma behind a single one."
            )
        found = Condition.of(np.array(False))
        for one in right.elts:
            found = found | self._pair(left, ast.Eq(), self._side(one))
        return found

    def _pair(self, left: _Side, sign: ast.cmpop, right: _Side) -> Condition:
        one, other, compare = left.value, right.value, _COMPARISONS[type(sign)]
        is_equality = isinstance(sign, ast.Eq | ast.NotEq)
        if isinstance(one, Word) and isinstance(other, Classes):
            one = self._class(one)
        if isinstance(other, Word) and isinstance(one, Classes):
            other = self._class(other)
        if is_equality:
            self._check_class(one, other, right.node)
            self._check_class(other, one, left.node)
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
        said = [
            f"“{source(side.node, self.text)}”, {IN_WORDS[type(value)]}"
            for side, value in ((left, one), (right, other))
        ]
        raise QueryError(
            f"Expected {signs} between values of one kind. Received: {said[0]}, and {said[1]}. "
            f"{self._compared_otherwise(left, right)}"
        )

    def _compared_otherwise(self, left: _Side, right: _Side) -> str:
        """How a condition is used that somebody compared with what is none."""
        for side in (left, right):
            if isinstance(side.value, Condition) and not isinstance(side.node, ast.Constant):
                part = source(side.node, self.text)
                return f"Write {part} alone, or not {part}."
        return "Compare it with something else."

    def _class(self, word: Word) -> Classes:
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
                f"{source(node, self.text)}. Choose one of these."
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
            f"Expected {expected}. Received: “{source(node, self.text)}”, which is "
            f"{IN_WORDS[type(value)]}. {self._mended(node, expected, value)}"
        )

    def _mended(self, node: ast.expr, expected: str, value: Value) -> str:
        """How what was received could be used, by example."""
        part = source(node, self.text)
        if expected == "a number":
            return "Calculate with numbers alone, such as confidence."
        if isinstance(value, Word):
            return f"Compare a column with it, as in cause == {part}."
        if isinstance(node, ast.Name) and COLUMNS[node.id].example:
            return f"Compare it with something, as in {COLUMNS[node.id].example}."
        sign = "== 4" if isinstance(value, Classes) else "> 1"
        return f"Compare it with something, as in {part} {sign}."


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
