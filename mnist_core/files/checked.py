"""Values from JSON that cannot be trusted, each checked as it is read."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from mnist_core.formatting import visible

Found = TypeVar("Found")
Sized = TypeVar("Sized", str, list, dict)
Check = Callable[[object, str], Found]
"""Gives a value of one kind, or raises `ValueError` that says under which name it is another."""

MOST_LETTERS = 10_000
MOST_ITEMS = 10_000


def text(value: object, name: str) -> str:
    """A text of at most 10,000 letters, all of them visible."""
    if not isinstance(value, str):
        raise _other("a text", value, name)
    return visible(_bearable(value, MOST_LETTERS, "letters", name))


def whole(least: int, most: int) -> Check[int]:
    """A whole number between two others."""

    def check(value: object, name: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _other(f"a whole number from {least} to {most:,}", value, name)
        return value

    return check


def number(least: float, most: float) -> Check[float]:
    """A finite number between two others."""

    def check(value: object, name: str) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # Compared first: a whole number may be too large to be made a float.
        if not is_number or not least <= value <= most or not math.isfinite(value):  # type: ignore[operator, arg-type]
            raise _other(f"a number from {least:g} to {most:g}", value, name)
        return float(value)  # type: ignore[arg-type]

    return check


share = number(0, 1)


def one_of(known: tuple[Found, ...]) -> Check[Found]:
    """One of some known values."""

    def check(value: object, name: str) -> Found:
        for wanted in known:
            if isinstance(value, type(wanted)) and value == wanted:
                return wanted
        raise _other(f"one of {', '.join(map(str, known))}", value, name)

    return check


def optional(of: Check[Found]) -> Check[Found | None]:
    """A value that may be `null`."""
    return lambda value, name: None if value is None else of(value, name)


def listed(of: Check[Found]) -> Check[tuple[Found, ...]]:
    """At most 10,000 values of one kind."""

    def check(value: object, name: str) -> tuple[Found, ...]:
        if not isinstance(value, list):
            raise _other("a list", value, name)
        return tuple(of(item, name) for item in _bearable(value, MOST_ITEMS, "items", name))

    return check


def by_name(of: Check[Found]) -> Check[Mapping[str, Found]]:
    """At most 10,000 values of one kind by name; read-only."""

    def check(value: object, name: str) -> Mapping[str, Found]:
        items = record(value, name)
        return MappingProxyType({text(key, name): of(item, name) for key, item in items.items()})

    return check


def record(value: object, name: str) -> Mapping[str, object]:
    """A JSON object of at most 10,000 names."""
    if not isinstance(value, dict):
        raise _other("an object", value, name)
    return _bearable(value, MOST_ITEMS, "names", name)


def _bearable(value: Sized, most: int, unit: str, name: str) -> Sized:
    if len(value) > most:
        raise ValueError(f"{name} should have at most {most:,} {unit}, not {len(value):,}")
    return value


def _other(expected: str, value: object, name: str) -> ValueError:
    kinds = {dict: "an object", list: "a list", str: "a text", type(None): "null"}
    kind = kinds.get(type(value))
    if isinstance(value, str) and len(value) <= 40:
        kind = f"“{visible(value)}”"
    return ValueError(f"{name} should be {expected}, not {kind or _short(value)}")


def _short(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**20:
        return "one far larger"
    return str(value)
