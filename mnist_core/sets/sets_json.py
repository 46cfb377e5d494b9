"""Sets as JSON, and back: what is exported, imported, and what a set's own file holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import numpy as np

from mnist_core.errors import QueryError, SetError
from mnist_core.files import checked
from mnist_core.files.damage import complaint
from mnist_core.formatting import visible
from mnist_core.queries.tree import tree_of
from mnist_core.sets.image_set import ImageSet, PickedImages
from mnist_core.sets.picks import MOST_IMAGES

FORMAT = 1
MOST_BYTES = 16_000_000
"""Of a file: a million images take up to 8 MB."""
MOST_SETS = 1_000
"""In a file."""


def to_json(sets: Sequence[ImageSet]) -> bytes:
    """Some sets as JSON in UTF-8, for `read_json`."""
    document = {"format": FORMAT, "sets": [_as_object(one) for one in sets]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _as_object(one: ImageSet) -> dict[str, object]:
    found: dict[str, object] = {"name": one.name, "data": one.data}
    if isinstance(one.images, str):
        return found | {"query": one.images}
    images = one.images
    note = {"query": images.query, "run": images.run} if images.query else {}
    return (
        found
        | note
        | {
            "split": images.split,
            "fingerprint": images.fingerprint,
            "images": images.positions.tolist(),
        }
    )


def read_json(content: bytes) -> tuple[ImageSet, ...]:
    """The sets in a file that `to_json` wrote.

    Args:
        content: The whole file, which may be anybody's.

    Raises:
        SetError: It is no such file, is too large, or one of its sets is not as it should be.
    """
    try:
        return sets_in(content)
    except DAMAGE as error:
        raise SetError(
            "Expected sets as JSON, as they are exported here. Received: "
            f"{visible(complaint(error))}. Export them again."
        ) from error


DAMAGE = (ValueError, RecursionError, MemoryError)
"""What `sets_in` raises of a file that is none."""


def sets_in(content: bytes) -> tuple[ImageSet, ...]:
    """As `read_json`, which says of what is no such file how to mend that.

    Raises:
        SetError: A set is not as it should be, or there twice.
        ValueError: It is no such file, or too large, as are the others of `DAMAGE`.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
    document = checked.record(_parsed(content), "the file")
    checked.one_of((FORMAT,))(document.get("format"), "format")
    listed = document.get("sets")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_SETS:
        raise ValueError(f"sets should be a list of 1 to {MOST_SETS:,}")
    sets = tuple(_read(entry) for entry in listed)
    names = Counter((one.data, one.name.casefold()) for one in sets)
    twice = next((one.name for one in sets if names[one.data, one.name.casefold()] > 1), "")
    if twice:
        raise SetError(
            f"Expected every set once. Received: “{twice}” more than once. Rename one of them."
        )
    return sets


def _parsed(content: bytes) -> object:
    return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_repetition)


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a name twice")
    return found


def _read(entry: object) -> ImageSet:
    found = checked.record(entry, "a set")
    name, data = (_short(found.get(key), key) for key in ("name", "data"))
    if "images" not in found:
        return ImageSet(name, data, _query(found.get("query")))
    query, run = found.get("query", ""), found.get("run", "")
    images = PickedImages(
        split=_short(found.get("split"), "split"),
        fingerprint=_short(found.get("fingerprint"), "fingerprint"),
        positions=_positions(found["images"]),
        query=_query(query) if query != "" else "",
        run=_short(run, "run") if run != "" else "",
    )
    return ImageSet(name, data, images)


def _short(value: object, name: str) -> str:
    text = checked.text(value, name)
    if not 0 < len(text) <= 100:
        raise ValueError(f"{name} should have 1 to 100 letters, not {len(text):,}")
    return text


def _query(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("query should be a text")
    try:
        tree_of(value)
    except QueryError as error:
        raise ValueError(f"a query that cannot be read ({error})") from error
    return value


def _positions(value: object) -> np.ndarray:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_IMAGES:
        raise ValueError(f"images should be a list of 1 to {MOST_IMAGES:,}")
    if any(type(place) is not int or not 0 <= place < 2**31 for place in value):
        raise ValueError("images should be whole numbers from 0")
    return np.array(value, np.int64)
