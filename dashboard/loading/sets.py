"""Sets of images: what a link or a visitor asks for, and which images these are."""

from collections.abc import Iterable, Sequence

import numpy as np

from dashboard.loading.subject import Gathered, load_subject
from dashboard.visit.view import Subset, View
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.queries import Query, joined, parse_query
from mnist_core.runs import Run
from mnist_core.sets import is_pick, keep_images, name_of_images, read_images

MOST_BY_NUMBER = 40
"""Images that a query names one by one; the numbers of more would make an address too long."""


def read_set(text: str, split: Split, class_names: Sequence[str]) -> Query | np.ndarray:
    """What a set says: a query, or the positions of images that were picked by hand.

    Args:
        text: A query, or the name under which many images are kept.
        split: The images.
        class_names: Name of each class.

    Raises:
        QueryError: It is no query.
        SetError: No images of the split are kept under that name.
    """
    if is_pick(text):
        return read_images(text, split.fingerprint, len(split), settings.cache_folder())
    return parse_query(text, class_names)


def find_subset(view: View, query: Query, gathered: Gathered) -> Subset:
    """The images of which a query is true.

    Args:
        view: What the page shows.
        query: What is asked of its images.
        gathered: What was gathered for it.

    Raises:
        QueryError: It asks for something that is not known of these images.
    """
    positions = query.find(load_subject(view, query, gathered))
    compared = [view.run, *([] if view.baseline is None else [view.baseline.run])]
    uses_answers = any(query.uses_answers_of(run.name, shown=view.run.name) for run in compared)
    return Subset(query.text, positions, uses_answers)


def is_chosen_by(view: View, runs: Iterable[Run]) -> bool:
    """Whether what the run on show, its baseline, or one of these runs answered decides the set.

    Args:
        view: What the page shows.
        runs: Whose answers are on show beside those.
    """
    shown = view.subset
    if shown is None or shown.uses_answers:
        return shown is not None
    query = parse_query(shown.text, view.class_names)
    return any(query.uses_answers_of(run.name, shown=view.run.name) for run in runs)


def set_of_images(view: View, positions: np.ndarray) -> str:
    """What `Selection.set` says of some images: a query by their numbers, or of many a name.

    Args:
        view: What the page shows.
        positions: Where they lie in its split, in any order. Integers, shape `(k,)`, k ≥ 1.

    Raises:
        SetError: They cannot be kept.
    """
    text = name_of_set(view, positions)
    if is_pick(text):
        return keep_images(positions, view.split.fingerprint, settings.cache_folder())
    return text


def name_of_set(view: View, positions: np.ndarray) -> str:
    """As `set_of_images`, but nothing is kept."""
    listed = np.unique(positions).tolist()
    if len(listed) > MOST_BY_NUMBER:
        return name_of_images(positions, view.split.fingerprint)
    return f"index == {listed[0]}" if len(listed) == 1 else f"index in {tuple(listed)}"


def set_narrowed(view: View, condition: str, gathered: Gathered) -> str:
    """What `Selection.set` says of those images on show that meet one more condition.

    Args:
        view: What the page shows.
        condition: A query.
        gathered: What was gathered for it.

    Raises:
        QueryError: It cannot be read, or is about what is not known of these images.
        SetError: The images cannot be kept.
    """
    shown = view.subset
    if shown is None or not is_pick(shown.text):
        return joined(shown.text if shown else "", condition)
    query = parse_query(condition, view.class_names)
    also = find_subset(view, query, gathered).positions
    return set_of_images(view, np.intersect1d(shown.positions, also))
