"""Files that a browser sent, taken in a few pictures at a time."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np

from mnist_core.errors import SketchError
from mnist_core.own.own_digits import NO_DIGITS, UNKNOWN, OwnDigits
from mnist_core.own.taking import Picture, Refusal, TakenDigit, take_digits
from mnist_core.pictures.collection import Collection, opened_collection

MOST_IN_ARCHIVE = 1_000
"""Pictures in an archive that a browser sends; whoever has more has the command line."""


@dataclass(frozen=True, eq=False)
class TakenPart:
    """What some pictures of a file gave.

    Attributes:
        n_pictures: How many the file has in all.
        digits: Of these pictures.
        refused: Those that gave none.
    """

    n_pictures: int
    digits: OwnDigits = NO_DIGITS
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, eq=False)
class TakenUploads:
    """What several files gave.

    Attributes:
        digits: In the order of the files.
        refused: The pictures that gave none, with the reason.
    """

    digits: OwnDigits
    refused: tuple[Refusal, ...]


def take_part(
    name: str, content: bytes, class_names: Sequence[str], *, start: int, n: int
) -> TakenPart:
    """Take the digits of some pictures of a file that a browser sent.

    Args:
        name: Of the file; a zip archive is one by its beginning, whatever it is called.
        content: Anything.
        class_names: Name of each class that a picture can be named by.
        start: Position of the first picture, 0 of a file that is one itself.
        n: How many pictures at most.
    """
    is_archive = content.startswith(b"PK")
    opened = opened_collection(io.BytesIO(content)) if is_archive else nullcontext(None)
    try:
        with opened as collection:
            pictures = _pictures(name, content, collection)
            taken, refused = take_digits(pictures[start : start + n], class_names)
    except SketchError as error:
        return TakenPart(1, refused=(Refusal(name, str(error).replace("the archive", name, 1)),))
    return TakenPart(len(pictures), _as_own(taken), tuple(refused))


def _pictures(name: str, content: bytes, collection: Collection | None) -> list[Picture]:
    if collection is None:
        alone = Collection((name,), lambda _: io.BytesIO(content))
        return [(name, partial(alone.read, name))]
    if not 0 < len(collection.names) <= MOST_IN_ARCHIVE:
        raise SketchError(
            f"Expected 1 to {MOST_IN_ARCHIVE:,} PNG or JPEG pictures in {name}. Received: "
            f"{len(collection.names):,}. Pack fewer, or make a data set of them: mnist-lens data "
            "add."
        )
    return [(one, partial(collection.read, one)) for one in collection.names]


def _as_own(taken: Sequence[TakenDigit]) -> OwnDigits:
    if not taken:
        return NO_DIGITS
    n_of, place_of = Counter(digit.name for digit in taken), Counter[str]()
    names = []
    for digit in taken:
        place_of[digit.name] += 1
        which = f" ({place_of[digit.name]} of {n_of[digit.name]})"
        names.append(digit.name[-120:] + (which if n_of[digit.name] > 1 else ""))
    return OwnDigits(
        np.array([digit.sketch.image for digit in taken]),
        np.array([UNKNOWN if digit.true is None else digit.true for digit in taken]),
        np.array(names),
    )
