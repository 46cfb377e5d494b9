"""What the images of a slice have in common: a true class, a range of a measure, or two such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_CHARACTERS_OF_A_NAME = 40
"""Of a class; one with a longer name is asked for by its number, to keep queries short."""


@dataclass(frozen=True)
class OfClass:
    """Being of a class.

    Attributes:
        label: Number of the class.
    """

    label: int

    def query(self, class_names: Sequence[str]) -> str:
        """As it is asked for, such as `true == 9`; by name where the class has one of its own."""
        name = class_names[self.label] if self.label < len(class_names) else str(self.label)
        is_number = name == str(self.label)
        if is_number or len(name) > MOST_CHARACTERS_OF_A_NAME or class_names.count(name) > 1:
            return f"true == {self.label}"
        return f"true == {name!r}"


@dataclass(frozen=True)
class Range:
    """Having a measure within a range.

    Attributes:
        measure: Its name.
        low: From which on; `None` where the range is open below.
        high: Up to which, itself not included; `None` where it is open above.
    """

    measure: str
    low: float | None
    high: float | None

    def query(self, class_names: Sequence[str]) -> str:
        """As it is asked for, such as `thickness < 1.9` or `1.9 <= thickness < 2.6`."""
        if self.low is None:
            return f"{self.measure} < {self.high:g}"
        if self.high is None:
            return f"{self.measure} >= {self.low:g}"
        return f"{self.low:g} <= {self.measure} < {self.high:g}"


Condition = OfClass | Range


def query_of(conditions: Sequence[Condition], class_names: Sequence[str]) -> str:
    """The query whose answer is the images that meet all of them."""
    return " and ".join(condition.query(class_names) for condition in conditions)
