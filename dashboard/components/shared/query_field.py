"""One field that is asked: a query, or the number of an image; its parts as chips beneath it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from mnist_core.queries import MOST_CHARACTERS, parts, without
from mnist_core.queries.columns import Kind

_HERE = Path(__file__).parent
_SCRIPTS = ("element", "query_words", "query_columns", "query_field")
_mount = st.components.v2.component(
    "mnist_lens.query_field",
    css=(_HERE / "query_field.css").read_text(),
    js="".join((_HERE / f"{name}.js").read_text() for name in _SCRIPTS),
)

MOST_DIGITS = 9
"""Of the number of an image; more is no number of one."""


@dataclass(frozen=True)
class Suggestion:
    """A column as the field offers it.

    Attributes:
        name: What it is called in a query.
        kind: What its values are.
        meaning: In a few words.
        example: A condition about it; empty where none is shown.
        missing: Why it cannot be asked for now, in a few words; empty where it can.
        words: Texts that it can be compared with.
        is_of_runs: Whether it can be asked of other runs.
    """

    name: str
    kind: Kind
    meaning: str
    example: str = ""
    missing: str = ""
    words: tuple[str, ...] = ()
    is_of_runs: bool = False


def query_field(
    text: str,
    *,
    found: str,
    columns: Sequence[Suggestion],
    class_names: Sequence[str],
    runs: Sequence[str],
    on_ask: Callable[[str], None],
    on_open: Callable[[int], None],
    key: str,
    title: str = "",
    asked: str = "",
    error: str = "",
) -> None:
    """Show the field, and beneath it what is on show.

    Args:
        text: The query on show; empty where none is.
        found: How many images these are, as in `41 of 10,000 images`.
        columns: What can be asked for.
        class_names: Name of each class.
        runs: Names of the runs that columns can be asked of.
        on_ask: Called with a query, which may be none at all; with an empty text all images are.
        on_open: Called with the number of an image, which need not exist.
        key: One for each field on a page.
        title: What is on show where no query says it, such as images picked by hand.
        asked: What was asked for in vain, to be mended.
        error: Why in vain, in words.
    """

    chips = parts(text) if text else (title,) if title else ()

    def sent(name: str) -> Any:
        return st.session_state[key][name]

    def asked_now() -> None:
        words = sent("asked")
        if not isinstance(words, str) or len(words) > MOST_CHARACTERS:
            return  # the field sends no such thing
        words = words.strip()
        if words.isascii() and words.isdigit() and len(words) <= MOST_DIGITS:
            on_open(int(words))
        else:
            on_ask(words)

    def removed_now() -> None:
        place = sent("removed")
        # A chip is removed only where it stands on show: another tab's or an older one is not.
        if isinstance(place, list) and len(place) == 2 and place in _places(chips):
            on_ask(without(text, place[0]) if text else "")

    _mount(
        key=key,
        data={
            "text": text,
            "parts": list(chips),
            "found": found,
            "asked": asked,
            "error": error,
            "columns": [_as_data(column) for column in columns],
            "classNames": list(class_names),
            "runs": list(runs),
            "mostCharacters": MOST_CHARACTERS,
        },
        on_asked_change=asked_now,
        on_removed_change=removed_now,
    )


def _places(chips: Sequence[str]) -> list[list[object]]:
    return [[place, part] for place, part in enumerate(chips)]


def _as_data(column: Suggestion) -> dict[str, object]:
    data = asdict(column)
    return {"isOfRuns": data.pop("is_of_runs"), **data}
