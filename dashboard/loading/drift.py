"""Drift between splits, of one data set or of two, each measured once for all visitors."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from dashboard.loading.images import Stamp, load_outline, source_stamp
from dashboard.work import worker
from mnist_core.datasets import data_names, load_dataset
from mnist_core.datasets.about import SPLITS
from mnist_core.errors import DatasetError
from mnist_core.shapes import Drift, Shapes, class_weights, find_drift, measure_for_drift


class Place(NamedTuple):
    """A split of a data set, by their names."""

    data: str
    split: str


class Measured(NamedTuple):
    """What was measured of the images of a split, and their classes."""

    shapes: Shapes
    labels: np.ndarray


def places_to_compare(here: Place) -> dict[str, Place]:
    """The splits that one can be held against, by `data/split`, the proposed one first.

    That is the split of the same data set that models learned on; of it itself the next one, and
    where there is none, MNIST's.
    """
    names = sorted(data_names(), key=lambda name: name != here.data)
    places = [Place(name, split) for name in names for split in SPLITS if split in _sizes(name)]
    return {"/".join(place): place for place in places if place != here}


def load_drift(here: Place, there: Place) -> tuple[Drift, ...]:
    """How one split differs from another; where both have the same classes, class by class."""
    one, other = load_outline(here.data), load_outline(there.data)
    found, reference = _load_measured(here), _load_measured(there)
    weights = None
    if is_weighted(here, there):
        weights = class_weights(found.labels, reference.labels)
    return find_drift(
        found.shapes,
        reference.shapes,
        shows_strokes=one.shows_strokes and other.shows_strokes,
        weights=weights if weights is not None and weights.any() else None,
    )


def is_weighted(here: Place, there: Place) -> bool:
    """Whether images of the other split count so that its classes are as frequent as here."""
    return load_outline(here.data).class_names == load_outline(there.data).class_names


def _sizes(data: str) -> tuple[str, ...]:
    try:
        return tuple(load_outline(data).sizes)
    except DatasetError:  # a damaged one; it is said where it is chosen
        return ()


def _load_measured(place: Place) -> Measured:
    return _measured_once(source_stamp(place.data), place)


@st.cache_resource(max_entries=8, show_spinner="Measuring the images …")
def _measured_once(stamp: Stamp, place: Place) -> Measured:
    split = load_dataset(place.data).split(place.split)  # not kept, as `load_split` keeps them
    return Measured(worker.call(measure_for_drift, split.images), split.labels.copy())
