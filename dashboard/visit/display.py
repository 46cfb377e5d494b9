"""`Display`: how a page shows what is looked at. Each page declares its own choices."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from dashboard.visit.selection import one_of

Switch = Literal["hidden", "shown"]


@dataclass(frozen=True)
class Span:
    """Of a number that can be chosen: the least and the most that it can be."""

    least: int
    most: int


@dataclass(frozen=True)
class OneOf:
    """Of a word that can be chosen where no `Literal` can say which: the names in a registry.

    Attributes:
        listed: Gives the words; asked each time, so that whatever is registered counts at once.
    """

    listed: Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Positions:
    """Of images that can be picked: a `str` of their positions with commas, empty for none.

    Attributes:
        most: How many at most.
    """

    most: int

    def read(self, text: str) -> str | None:
        """The same positions, each once and without spaces; `None` where these are none."""
        words = dict.fromkeys(word.strip() for word in text.split(",") if word.strip())
        is_readable = all(word.isascii() and word.isdigit() and len(word) < 10 for word in words)
        if not is_readable or len(words) > self.most:
            return None
        return ",".join(dict.fromkeys(str(int(word)) for word in words))


@dataclass(frozen=True)
class Pattern:
    """Of a text that can be chosen where no list can hold them all: how it is written.

    Attributes:
        form: A regular expression that all of the text matches; also the empty text.
        meaning: What such a text is, in words, e.g. `a pixel as channel.row.column`.
    """

    form: str
    meaning: str

    def __contains__(self, text: str) -> bool:
        return len(text) <= MOST_CHARACTERS and re.fullmatch(self.form, text) is not None


MOST_CHARACTERS = 2_000
"""Of a text in an address, which may have no more than some thousands."""


@dataclass(frozen=True)
class Former:
    """Words that links from before may hold, and what they are called now."""

    words: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(tuple(self.words.items()))


@dataclass(frozen=True)
class Display:
    """The choices of display of a page that has none; those that have some extend it.

    Each field is one choice: a `Literal` of words, a `str` annotated with `OneOf`, `Positions` or a
    `Pattern`, or an `int` annotated with its `Span`; its default is what a page shows at first, and
    what an address need not say.
    """

    def query(self) -> dict[str, str]:
        """The part of an address that restores this display: what differs from the defaults."""
        return {
            field.name: str(chosen)
            for field in fields(self)
            if (chosen := getattr(self, field.name)) != field.default
        }

    @classmethod
    def read(cls, query: Mapping[str, str]) -> tuple[Self, tuple[str, ...]]:
        """Read a display from an address.

        Returns:
            The display, and one sentence for each value that cannot be read and was left out.
        """
        values: dict[str, Any] = {}
        notes = []
        for name in cls.names():
            if name not in query:
                continue
            text, allowed = query[name], cls.allowed(name)
            text = cls._former(name).get(text, text)
            if isinstance(allowed, Span):
                numbers = range(allowed.least, allowed.most + 1)
                if text in map(str, numbers):
                    values[name] = int(text)
                else:
                    ends = f"{allowed.least} to {allowed.most}"
                    notes.append(f"The link's {name} should be {ends}, not “{text[:40]}”.")
            elif isinstance(allowed, Positions):
                picked = allowed.read(text)
                if picked is not None:
                    values[name] = picked
                else:
                    notes.append(
                        f"The link's {name} should be positions with commas, at most "
                        f"{allowed.most}, not “{text[:40]}”."
                    )
            elif text in allowed:
                values[name] = text
            elif isinstance(allowed, Pattern):
                notes.append(f"The link's {name} should be {allowed.meaning}, not “{text[:40]}”.")
            else:
                notes.append(one_of(name, allowed, text))
        return cls(**values), tuple(notes)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Of the choices."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def allowed(cls, name: str) -> tuple[str, ...] | Span | Positions | Pattern:
        """What a choice can be: words, a number of a span, so many positions, a text of a form."""
        hint = get_type_hints(cls, include_extras=True)[name]
        for extra in _extras(hint):
            if isinstance(extra, Span | Positions | Pattern):
                return extra
            if isinstance(extra, OneOf):
                return tuple(extra.listed())
        words = hint if get_origin(hint) is Literal else get_args(hint)[0]
        return get_args(words)

    @classmethod
    def _former(cls, name: str) -> Mapping[str, str]:
        hint = get_type_hints(cls, include_extras=True)[name]
        return {
            k: v for one in _extras(hint) if isinstance(one, Former) for k, v in one.words.items()
        }


def _extras(hint: Any) -> tuple[Any, ...]:
    """What a type is annotated with."""
    return getattr(hint, "__metadata__", ())
