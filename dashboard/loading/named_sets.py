"""The named sets of a data set, which images of the split they are, and how runs do on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.loading.sets import name_of_set, set_of_images
from dashboard.loading.subject import Gathered, load_subject
from dashboard.visit.view import Subset, View
from mnist_core import settings
from mnist_core.answers.evaluation import Answers
from mnist_core.errors import QueryError, SetError
from mnist_core.queries import Query, Subject, parse_query
from mnist_core.runs import Run
from mnist_core.sets import (
    ImageSet,
    KeptSets,
    PickedImages,
    SetFigures,
    delete_set,
    is_pick,
    keep_sets,
    kept_sets,
    read_json,
    rename_set,
    set_figures,
    set_of_query,
    to_json,
)


@dataclass(frozen=True, eq=False)
class FoundSet:
    """A named set on the split on show.

    Attributes:
        kept: The set.
        text: What `Selection.set` says of it; empty where its images cannot be found.
        positions: Where its images lie in the split, ascending. `int64`, shape `(k,)`.
        refused: Why they cannot be found, in a sentence; else empty.
    """

    kept: ImageSet
    text: str
    positions: np.ndarray
    refused: str = ""


def load_named_sets(view: View) -> KeptSets:
    """The sets of the data set on show, as they lie in the user's folder.

    Raises:
        SetError: The folder cannot be read.
    """
    return kept_sets(view.outline.name, settings.home_folder())


def queries_of(view: View, sets: Sequence[ImageSet]) -> list[Query]:
    """What sets ask of the images, as far as that can be read."""
    queries = []
    for one in sets:
        if isinstance(one.images, str):
            try:
                queries.append(parse_query(one.images, view.class_names))
            except QueryError:
                continue  # find_sets says why
    return queries


def find_sets(view: View, sets: Sequence[ImageSet], gathered: Gathered) -> list[FoundSet]:
    """Which images of the split each set is.

    Args:
        view: What the page shows.
        sets: Of its data set.
        gathered: What was gathered for their queries.
    """
    return [_found(view, one, gathered) for one in sets]


def _found(view: View, one: ImageSet, gathered: Gathered) -> FoundSet:
    try:
        positions = one.find(view.split.fingerprint, _subject(view, one, gathered))
    except (QueryError, SetError) as error:
        return FoundSet(one, "", np.empty(0, np.int64), str(error))
    asked = one.images
    text = asked if isinstance(asked, str) else name_of_set(view, positions)
    return FoundSet(one, text, positions)


def _subject(view: View, one: ImageSet, gathered: Gathered) -> Subject:
    text = one.images if isinstance(one.images, str) else "True"
    return load_subject(view, parse_query(text, view.class_names), gathered)


def figures_of(
    view: View, found: Sequence[FoundSet], run: Run, answers: Answers
) -> list[SetFigures]:
    """How a run does on each set, against all else that counts.

    Args:
        view: What the page shows.
        found: The sets.
        run: That of the view, or its baseline.
        answers: What it answered to the split.
    """
    reasons = [
        one.refused or one.kept.reason_against_test(run.name, view.class_names) for one in found
    ]
    return set_figures([one.positions for one in found], reasons, answers, view.mislabelled)


def keep_shown(view: View, name: str) -> ImageSet:
    """Give the set on show a name, and keep it.

    Raises:
        SetError: The name is taken or cannot be used, or the set cannot be written.
    """
    assert view.subset is not None
    kept = _shown(view, view.subset, name)
    keep_sets([kept], settings.home_folder())
    return kept


def _shown(view: View, subset: Subset, name: str) -> ImageSet:
    data, split = view.outline.name, view.split
    if is_pick(subset.text):
        picked = PickedImages(split.name, split.fingerprint, subset.positions)
        return ImageSet(name, data, picked)
    query = parse_query(subset.text, view.class_names)
    return set_of_query(name, data, query, view.run.name, view.epoch, split, subset.positions)


def open_set(view: View, found: FoundSet) -> str:
    """What `Selection.set` says of a set; many images are kept under that name first.

    Raises:
        SetError: They cannot be kept.
    """
    is_query = isinstance(found.kept.images, str)
    return found.text if is_query else set_of_images(view, found.positions)


def rename_kept(one: ImageSet, name: str) -> None:
    """Give a set another name.

    Raises:
        SetError: It is taken or cannot be used, or the set is gone.
    """
    rename_set(one.name, name, one.data, settings.home_folder())


def delete_kept(one: ImageSet) -> ImageSet:
    """Delete a set; gives it back for `keep_again`.

    Raises:
        SetError: It is gone, damaged, or may not be deleted.
    """
    return delete_set(one.name, one.data, settings.home_folder())


def keep_again(sets: Sequence[ImageSet]) -> None:
    """Keep sets that were deleted, or come from a file.

    Raises:
        SetError: A name is taken, or they cannot be written.
    """
    keep_sets(sets, settings.home_folder())


def import_sets(content: bytes) -> tuple[ImageSet, ...]:
    """Keep the sets of a file that was exported here; gives them.

    Raises:
        SetError: It is no such file, a name is taken, or they cannot be written.
    """
    sets = read_json(content)
    keep_again(sets)
    return sets


def export_sets(view: View) -> bytes:
    """All sets of the data set on show, as JSON."""
    return to_json(load_named_sets(view).sets)
