"""What analysts found to be the causes of errors, and which images therefore do not count."""

from collections.abc import Mapping

import numpy as np

from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.errors import TriageError
from mnist_core.triage import Entry, Triage, triage_of, wrong_labels


def find_left_out(split: Split, data: str, labels: str) -> np.ndarray:
    """Positions of the images of a split that do not count, see `View.left_out`.

    Args:
        split: The images.
        data: Name of their data set.
        labels: One of `selection.LABELS`.
    """
    return wrong_labels({} if labels == "all" else find_causes(split, data))


def triage_file_of(data: str) -> Triage:
    """What analysts found to be the causes of errors in a data set."""
    return triage_of(data, settings.home_folder())


def load_causes(split: Split, data: str) -> Mapping[int, Entry]:
    """The cause of each image of a split that has one, as it was last written down.

    Raises:
        TriageError: The file of causes cannot be used.
    """
    return triage_file_of(data).causes(split.fingerprint)


def find_causes(split: Split, data: str) -> Mapping[int, Entry]:
    """As `load_causes`; none where their file cannot be used, as `settle` says on every page."""
    try:
        return load_causes(split, data)
    except TriageError:
        return {}
