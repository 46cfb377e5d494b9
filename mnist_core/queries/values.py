"""Values in a query, one for each image: numbers, classes, text and conditions.

A condition is true, false, or unknown, where something in it is not known of an image (Kleene's
three values): `not` of what is unknown is unknown, and only what is true is found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers; NaN where unknown. `float64`, shape `(n,)` or `()`."""

    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Classes:
    """Classes by number. `int64`, shape `(n,)`."""

    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Texts:
    """Words; empty where there are none.

    Attributes:
        values: `object`, shape `(n,)`.
        known: What can be compared with them: what any image can have, not only what one has.
    """

    values: np.ndarray
    known: frozenset[str]


@dataclass(frozen=True)
class Word:
    """A single word, written down in the query: some text, or the name of a class."""

    text: str


@dataclass(frozen=True, eq=False)
class Condition:
    """Where something is known to be true, and where it is known to be false.

    Attributes:
        yes: Shape `(n,)` or `()`, bool.
        no: The same shape, bool; never true where `yes` is.
    """

    yes: np.ndarray
    no: np.ndarray

    def __and__(self, other: Condition) -> Condition:
        return Condition(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Condition) -> Condition:
        return Condition(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Condition:
        return Condition(self.no, self.yes)

    @classmethod
    def of(cls, is_true: np.ndarray, is_known: np.ndarray | bool = True) -> Condition:
        """A condition from what is true, and of which images that is known."""
        return cls(is_true & is_known, ~is_true & is_known)


Value = Numbers | Classes | Texts | Word | Condition

IN_WORDS: dict[type, str] = {
    Numbers: "a number",
    Classes: "a class",
    Texts: "text",
    Word: "text",
    Condition: "a condition",
}
