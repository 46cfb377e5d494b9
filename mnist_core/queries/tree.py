"""`tree_of`: the text of a query as a tree of Python's notation, within bounds; nothing is run."""

from __future__ import annotations

import ast
import re
import warnings

from mnist_core.errors import QueryError
from mnist_core.formatting import visible

MOST_CHARACTERS = 500
MOST_PARTS, MOST_DEPTH = 300, 40
"""Of a query: names, numbers and signs, and how deep they may be nested."""

_ELSEWHERE = {
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "~": "not", "AND": "and",
    "OR": "or", "NOT": "not", "IN": "in", "=": "==", "<>": "!=", "=>": ">=", "=<": "<=",
    "≥": ">=", "≤": "<=", "≠": "!=",
}  # fmt: skip
"""Signs of other languages, and ours."""

_SIGNS = re.compile(r"&&|\|\||<>|=>|=<|[&|~≥≤≠]|!(?!=)|(?<![<>=!])=(?!=)|\b(?:AND|OR|NOT|IN)\b")
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")


def tree_of(text: str) -> ast.expr:
    """Read a text into a tree, of whatever Python has.

    Raises:
        QueryError: It is no expression, or longer or deeper than a query may be.
    """
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"Expected a query of up to {MOST_CHARACTERS} characters. Received: {len(text):,}. "
            "Make it shorter."
        )
    _check_characters(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's compiler: nothing here is compiled
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise QueryError(
            "Expected a condition such as wrong and confidence > 0.9. Received: "
            f"{_around(text, error)}. {said_elsewhere(text) or 'Check its signs and brackets.'}"
        ) from error
    parts, depth, level = 0, 0, list[ast.AST]([tree])
    while level:
        parts, depth = parts + len(level), depth + 1
        if parts > MOST_PARTS or depth > MOST_DEPTH:
            raise QueryError(
                f"Expected a query of up to {MOST_PARTS} parts, nested up to {MOST_DEPTH} deep. "
                "Received: more. Make it simpler."
            )
        for node in level:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                _check_characters(node.value)  # written by its number, it is whole in the text
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return tree


def _check_characters(text: str) -> None:
    """Half a character can neither be shown in an error nor stand in an address or a file."""
    half = re.search("[\ud800-\udfff]", text)
    if half:
        raise QueryError(
            f"Expected whole characters. Received: half of one, {visible(half[0])}. Leave it out."
        )


def said_elsewhere(text: str) -> str:
    """How to write a sign of another language that a text has, as a sentence; empty without one."""
    sign = _SIGNS.search(_QUOTED.sub("", text))
    return f"Write {_ELSEWHERE[sign[0]]} instead of {sign[0]}." if sign else ""


def _around(text: str, error: Exception) -> str:
    place = error.offset if isinstance(error, SyntaxError) else None
    if not text.strip():
        return "nothing"
    if not place or not isinstance(error, SyntaxError) or error.lineno != 1:
        return f"“{text[:60]}”"
    return f"“{text.strip()[max(0, place - 1) :][:20] or text.strip()[-20:]}”"
