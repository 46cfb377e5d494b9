"""`Sheet`: the strokes on a sheet, as a visitor's session keeps them, with undo and redo."""

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from mnist_core.errors import SketchError

MOST_CHARACTERS = 8_000_000
"""Of what a browser may send: more than a megapixel needs, uncompressed."""

MOST_STROKES = 500
MOST_STROKE_CHARACTERS = 2_000_000
"""Of all strokes of a sheet as JSON, which go back to the browser that sent them."""

MOST_SHEETS = 4
"""That a session keeps: the blank one and the last images drawn on."""

_SHEETS = "sketch-sheets"
_PREFIX = "data:image/png;base64,"
_FIT = {"naturalWidth", "naturalHeight", "scaleX", "scaleY", "offsetX", "offsetY"}

Stroke = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """What is on a sheet.

    Attributes:
        strokes: As the browser sent them, the first drawn first.
        undone: Strokes that were taken back, the last first.
        png: A picture of the strokes, as text in base64; it may be anything. `None` without any.
        put: The strokes that the browser is told to begin with.
        round: How often it was told so.
        seen: What tells the last thing apart that the browser sent.
    """

    strokes: tuple[Stroke, ...] = ()
    undone: tuple[Stroke, ...] = ()
    png: str | None = None
    put: tuple[Stroke, ...] = ()
    round: int = 0
    seen: str = ""

    @property
    def drawing(self) -> dict[str, Any]:
        """What the browser begins with; another version has it begin anew with equal strokes."""
        return {"objects": list(self.put), "version": f"sheet {self.round}"}

    def told(self, value: Any) -> "Sheet":
        """The sheet after what a browser has sent, not yet opened.

        Args:
            value: Anything, because a browser can send what it likes.

        Raises:
            SketchError: It is nothing that a canvas sends.
        """
        try:
            strokes, png = _strokes_and_png(value)
        except ValueError as error:
            raise SketchError(
                f"Expected strokes from the sheet. Received: {error}. Reload the page."
            ) from error
        if png is None:
            return self
        seen = f"{len(strokes)} {hashlib.sha256(png.encode()).hexdigest()}"
        if seen == self.seen:
            return self
        is_drawn = len(strokes) > len(self.strokes)
        undone = () if is_drawn else self.undone
        return replace(self, strokes=strokes, undone=undone, png=png, seen=seen)

    def back(self) -> "Sheet":
        """With the last stroke taken back."""
        if not self.strokes:
            return self
        *rest, last = self.strokes
        return self._put(tuple(rest), (*self.undone, last))

    def forth(self) -> "Sheet":
        """With the stroke drawn again that was taken back last."""
        if not self.undone:
            return self
        *rest, last = self.undone
        return self._put((*self.strokes, last), tuple(rest))

    def cleared(self) -> "Sheet":
        """Without any stroke, nor any to bring back."""
        return self._put((), ())

    def brought_back(self) -> "Sheet":
        """To be put before a browser that has nothing of it."""
        return self if self.put == self.strokes else replace(self, put=self.strokes)

    def _put(self, strokes: tuple[Stroke, ...], undone: tuple[Stroke, ...]) -> "Sheet":
        return replace(self, strokes=strokes, undone=undone, put=strokes, round=self.round + 1)


def kept_sheet(name: str) -> Sheet:
    """The sheet of that name, blank where it was never drawn on."""
    return st.session_state.get(_SHEETS, {}).get(name, Sheet())


def keep_sheet(name: str, sheet: Sheet) -> None:
    """Keep a sheet for this visitor; the one not used for longest leaves."""
    sheets = {key: one for key, one in st.session_state.get(_SHEETS, {}).items() if key != name}
    sheets[name] = sheet
    st.session_state[_SHEETS] = dict(list(sheets.items())[-MOST_SHEETS:])


def _strokes_and_png(value: Any) -> tuple[tuple[Stroke, ...], str | None]:
    _entry(value, "backgroundFit", _FIT)
    drawing = _entry(value, "drawing", {"data"})
    encoded = drawing.get("data")
    if encoded is None:
        return (), None
    if not isinstance(encoded, str) or not encoded.startswith(_PREFIX):
        raise ValueError("no PNG")
    if len(encoded) > MOST_CHARACTERS:
        raise ValueError(f"{len(encoded):,} characters")
    strokes = _entry(drawing, "raw", {"objects"}).get("objects", [])
    if not isinstance(strokes, list):
        raise ValueError("something else as its strokes")
    if len(strokes) > MOST_STROKES:
        raise ValueError(f"{len(strokes):,} strokes, where {MOST_STROKES} are the most")
    if any(not isinstance(one, Mapping) or one.get("type") != "Path" for one in strokes):
        raise ValueError("something else than strokes")
    if len(json.dumps(strokes)) > MOST_STROKE_CHARACTERS:
        raise ValueError("strokes that are too long")
    return tuple(strokes), encoded.removeprefix(_PREFIX)


def _entry(value: Any, name: str, keys: Set[str]) -> Mapping[str, Any]:
    """An entry that is a mapping with these keys; empty where there is none."""
    found = {} if value is None else value
    if isinstance(found, Mapping):
        found = found.get(name) or {}
    if not isinstance(found, Mapping) or (found and not keys <= set(found)):
        raise ValueError(f"something else as its {name}")
    return found
