"""What analysts found to be the causes of errors, and which images therefore do not count."""

from collections.abc import Mapping

import numpy as np

from dashboard.loading.images import load_chosen_split
from dashboard.visit.state import Selection
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.errors import TriageError
from mnist_core.triage import Entry, Triage, triage_of, wrong_labels


def find_left_out(selection: Selection) -> np.ndarray:
    """Positions of the images of the chosen split that do not count, see `View.left_out`."""
    if selection.labels == "all":
        return left_out_of(selection, {})
    split = load_chosen_split(selection)
    return left_out_of(selection, find_causes(split, str(selection.data)))


def left_out_of(selection: Selection, causes: Mapping[int, Entry]) -> np.ndarray:
    return wrong_labels(causes if selection.labels == "undisputed" else {})


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
    """As `load_causes`; none where their file cannot be used, as `nearest` says on every page."""
    try:
        return load_causes(split, data)
    except TriageError:
        return {}
