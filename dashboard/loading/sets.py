"""Sets of images: what a link or a visitor asks for, and which images these are."""

from collections.abc import Sequence

from dashboard.loading.subject import load_subject
from dashboard.visit.view import Subset, View
from mnist_core.datasets import Split
from mnist_core.queries import parse_query
from mnist_core.suspects import Suspects


def check_set(text: str, split: Split, class_names: Sequence[str]) -> None:
    """See that a set can be read.

    Args:
        text: A query.
        split: The images.
        class_names: Name of each class.

    Raises:
        QueryError: It is no query.
    """
    parse_query(text, class_names)


def find_subset(view: View, text: str, suspects: Suspects | None) -> Subset:
    """The images of a set.

    Raises:
        QueryError: It is no query, or asks for something that is not known of these images.
    """
    query = parse_query(text, view.class_names)
    positions = query.find(load_subject(view, suspects))
    compared = [view.run, *([] if view.baseline is None else [view.baseline.run])]
    uses_answers = any(query.uses_answers_of(run.name, shown=view.run.name) for run in compared)
    return Subset(text, positions, uses_answers)
