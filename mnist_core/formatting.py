"""Numbers as people write them, and names so that all of them can be seen."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mnist_core.answers.evaluation import Output


def decimals(shares: Iterable[float | None]) -> int:
    """With how many decimals the shares of one table or chart are written.

    That is the most that any of them needs: one, two above 99 %.
    """
    return 2 if any(share is not None and 0.99 < share < 1 for share in shares) else 1


def hundredths(share: float | None, places: int | None = None) -> str:
    """A share, 0–1, in % without the sign; a dash where there is none.

    What is not quite everything is never rounded up to 100, what is not quite nothing never to 0.

    Args:
        share: Of the whole.
        places: Decimals, see `decimals`; by default as many as this share needs alone.
    """
    if share is None or math.isnan(share):
        return "–"
    places = decimals([share]) if places is None else places
    least = 10.0**-places
    if share > 0 and round(100 * share, places) == 0:
        return f"< {least:.{places}f}"
    return f"{100 * share if share >= 1 else min(100 * share, 100 - least):.{places}f}"


def percent(share: float | None, places: int | None = None) -> str:
    """As `hundredths`, with the sign, e.g. `98.6 %`."""
    written = hundredths(share, places)
    return written if written == "–" else f"{written} %"


def interval(ends: tuple[float, float], places: int) -> str:
    """An interval of shares, 0–1, in % as it stands behind a share, e.g. `(98.4–98.8)`."""
    low, high = (hundredths(end, places) for end in ends)
    return f"({low}–{high})"


def loss(value: float) -> str:
    """A loss with four decimals, `infinite` after a training that diverged, a dash for NaN."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "infinite" if value > 0 else "−infinite"
    return f"{value:,.4f}"


def accuracy(share: float, ends: tuple[float, float] | None, places: int | None = None) -> str:
    """How much was predicted right, e.g. `98.6 % right (98.4–98.8)`.

    Args:
        share: Of the images, 0–1.
        ends: Its 95 % interval, 0–1; `None` where the epoch was chosen for this very share, because
            the highest of many is no sample.
        places: See `hundredths`.
    """
    places = decimals([share]) if places is None else places
    right = f"{percent(share, places)} right"
    if ends is None:
        return f"{right}, the highest of all epochs, chosen on this split"
    return f"{right} {interval(ends, places)}"


def signed_decimals(points: Iterable[float]) -> int:
    """With how many decimals the differences of one sentence or table are written.

    Two, or more (at most five) so that none beside 0 is rounded to 0.
    """
    beside = [abs(value) for value in points if abs(value) > _NO_DIFFERENCE]
    return next(d for d in (2, 3, 4, 5) if d == 5 or all(round(value, d) for value in beside))


def signed(points: float, decimals: int = 2) -> str:
    """A difference in points with its sign, e.g. `+0.12` or `−1.50`; 0 is `+0.00`."""
    written = 0.0 if abs(points) <= _NO_DIFFERENCE else points
    return f"{written:+.{decimals}f}".replace("-", "−")


def signed_with_interval(points: float, ends: tuple[float, float]) -> tuple[str, str]:
    """A difference in points and its interval, e.g. `+0.14` and `+0.02 to +0.26`."""
    decimals = signed_decimals((points, *ends))
    low, high = (signed(end, decimals) for end in ends)
    return signed(points, decimals), f"{low} to {high}"


def p_value(p: float) -> str:
    """A p-value with two figures, more where it would be rounded up to 0.05; e.g. `p = 0.014`."""
    if p < 0.0001:
        return "p < 0.0001"
    written = f"{p:.2g}"
    return f"p = {p:.4f}" if written == "0.05" and p != 0.05 else f"p = {written}"


def answer(value: float, output: Output, places: int | None = None) -> str:
    """A probability as %, see `percent`, or a score as the number it is."""
    return percent(value, places) if output == "probabilities" else f"score {value:.2f}"


def visible(text: str) -> str:
    """A name or text from elsewhere with what cannot be seen, or moves other letters, escaped.

    Control and format characters become `\\n`, `\\x1b` or `\\u202e`; of a file's name that is not
    UTF-8, each byte that is none becomes `\\xff`.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # Python's name for a byte that is no UTF-8 (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape", "backslashreplace").decode()


_NO_DIFFERENCE = 1e-9
"""In points: what is smaller is what subtracting two equal shares can leave."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of control, format and half characters and of breaks."""
