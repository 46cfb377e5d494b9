"""Conditions as they are written: numbers from one to another, some of several values."""

from __future__ import annotations

from collections.abc import Sequence

from mnist_core.queries.columns import Column


def between(column: Column, low: float, high: float) -> str:
    """That a number lies between two, both included: `0.4 <= confidence <= 0.6`."""
    low, high = min(low, high), max(low, high)
    if low == high:
        return f"{column.name} == {_number(low)}"
    return f"{_number(low)} <= {column.name} <= {_number(high)}"


def one_of(column: Column, values: Sequence[str]) -> str:
    """That a column has one of some values, as a query writes them: `true in (4, 9)`.

    Args:
        column: Of classes, texts or conditions.
        values: At least one; of a condition, itself or with `not`.
    """
    if column.kind == "condition":
        return " or ".join(values)
    if len(values) == 1:
        return f"{column.name} == {values[0]}"
    return f"{column.name} in ({', '.join(values)})"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else repr(float(f"{value:.12g}"))
