"""`ImageSet`: some images of a data set under a name, by a query or one by one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.errors import QueryError, SetError
from mnist_core.formatting import visible
from mnist_core.queries import MOST_CHARACTERS, Query, Subject, parse_query
from mnist_core.sets.picks import MOST_IMAGES

_NAME = re.compile(r"\w[\w .,()+=-]{0,49}")
_LONGEST = 200
"""Bytes of a name, which is also that of its file."""


@dataclass(frozen=True, eq=False)
class PickedImages:
    """Images named one by one.

    Attributes:
        split: Name of their split.
        fingerprint: Its fingerprint, 64 hexadecimal digits.
        positions: Where they lie in it, ascending. `int64`, shape `(k,)`, k ≥ 1; read-only.
        query: What found them, where it was too long to be kept in their place; else empty.
        run: The run on show that the query was asked of.

    Raises:
        SetError: Something is not as above.
    """

    split: str
    fingerprint: str
    positions: np.ndarray
    query: str = ""
    run: str = ""

    def __post_init__(self) -> None:
        positions = np.asarray(self.positions)
        is_rising = positions.ndim == 1 and bool((np.diff(positions) > 0).all())
        if not is_rising or not 0 < len(positions) <= MOST_IMAGES or positions[0] < 0:
            raise SetError(
                f"Expected the positions of 1 to {MOST_IMAGES:,} images, ascending, each once. "
                "Received: others. Choose the images again."
            )
        if not re.fullmatch("[0-9a-f]{64}", self.fingerprint):
            raise SetError(
                "Expected a split's fingerprint of 64 hexadecimal digits. Received: "
                f"“{visible(self.fingerprint[:80])}”. Choose the images again."
            )
        object.__setattr__(self, "positions", read_only(positions.astype(np.int64)))


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Some images of a data set under a name.

    Attributes:
        name: See `name_of`.
        data: Name of the data set.
        images: Which they are: a query, which means the same whatever run is on show (see
            `Query.pinned`) and fits every split; or the images themselves.

    Raises:
        SetError: The name cannot be used.
    """

    name: str
    data: str
    images: str | PickedImages

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", name_of(self.name))

    def find(self, split_fingerprint: str, subject: Subject) -> np.ndarray:
        """Positions of its images in a split, ascending. `int64`, shape `(k,)`.

        Args:
            split_fingerprint: Of the split.
            subject: What a query is asked about.

        Raises:
            SetError: Its images are of another split.
            QueryError: Its query cannot be read, or not be answered here.
        """
        if isinstance(self.images, str):
            return parse_query(self.images, subject.class_names).find(subject)
        positions = self.images.positions
        if self.images.fingerprint != split_fingerprint or positions[-1] >= len(subject.y_true):
            raise SetError(
                f"Expected a set with images of the split on show. Received: “{self.name}”, "
                f"{len(positions):,} images of another one, {self.images.split}. Choose that "
                "split, or another set."
            )
        return positions

    def reason_against_test(self, run: str, class_names: Sequence[str]) -> str:
        """Why chance says nothing of how a run does on these images; empty where it does.

        Whoever picks images one by one may do so for what the run answered.

        Args:
            run: Name of the run.
            class_names: Name of each class.
        """
        asked, shown = (
            (self.images, "")
            if isinstance(self.images, str)
            else (self.images.query, self.images.run)
        )
        if not asked:
            return "picked one by one"
        try:
            query = parse_query(asked, class_names)
        except QueryError:
            return "its query cannot be read"
        if query.names_images:
            return "picked one by one"
        is_chosen = query.uses_answers_of(run, shown=shown or run)
        return "chosen by the run's answers" if is_chosen else ""


def set_of_query(
    name: str,
    data: str,
    query: Query,
    run: str,
    epoch: int,
    split: Split,
    positions: np.ndarray,
    *,
    within: ImageSet | None = None,
) -> ImageSet:
    """A set of what a query finds, pinned to the run and epoch that it was asked of.

    Where that is longer than a query may be, the images that it found are kept in its place.

    Args:
        name: See `name_of`.
        data: Name of the data set.
        query: Any query.
        run: The run on show as it was asked.
        epoch: Its epoch, counted from 1.
        split: The images that it was asked of.
        positions: Those of them that it found, ascending. Integers, shape `(k,)`.
        within: The set that alone it was asked of; `None` for the whole split.

    Raises:
        SetError: The name cannot be used, or the query is too long and found nothing.
    """
    narrowed = "" if within is None else within.images
    if isinstance(narrowed, str):
        pinned = query.pinned(run, epoch)
        whole = f"({narrowed}) and ({pinned})" if narrowed else pinned
        if len(whole) <= MOST_CHARACTERS:
            return ImageSet(name, data, whole)
    asked = query.text if within is None else ""
    found = PickedImages(split.name, split.fingerprint, positions, asked, run if asked else "")
    return ImageSet(name, data, found)


def name_of(words: str) -> str:
    """A set's name as it is kept, on one line without spaces at its ends.

    Raises:
        SetError: It is empty, longer than 50 characters, or has others than letters, digits,
            spaces and a few marks: it is also a file's name.
    """
    name = " ".join(unicodedata.normalize("NFC", words).split())
    if not _NAME.fullmatch(name) or len(name.encode()) > _LONGEST or not name.isprintable():
        raise SetError(
            "Expected a set's name of 1 to 50 letters, digits, spaces and . , - _ + = ( ), a "
            f"letter or digit first. Received: “{visible(words[:60])}”. Choose a plainer name."
        )
    return name
