"""Data sets and their splits, each read once for all visitors."""

from functools import partial
from itertools import combinations

import numpy as np
import streamlit as st

from dashboard.visit.view import View
from dashboard.work import worker
from mnist_core import settings
from mnist_core.datasets import DATASETS, Outline, Split, added, load_dataset
from mnist_core.datasets.distributions import Contents, Likeness, contents, likeness
from mnist_core.explainers import background
from mnist_core.explainers.backgrounds import default_size, reference_split
from mnist_core.shapes import Shapes, measure

Stamp = tuple[tuple[str, int, int], ...]


def load_outline(data: str) -> Outline:
    """What there is to say of a data set without its images."""
    return _load_outline(source_stamp(data), data)


def load_contents(data: str) -> Contents:
    """What the splits of a data set hold, in figures."""
    return _load_contents(source_stamp(data), data)


def load_likenesses(data: str) -> dict[tuple[str, str], Likeness]:
    """How alike the label distributions of every two splits are, by their names."""
    counts = load_contents(data).counts
    return {
        (split, other): likeness(counts[split], counts[other])
        for split, other in combinations(counts, 2)
    }


def load_split(data: str, split: str) -> Split:
    """One split of a data set; the others are let go, they would double the server's memory."""
    return _load_split(source_stamp(data), data, split)


@st.cache_resource(max_entries=8, show_spinner="Reading the images …")
def _load_outline(stamp: Stamp, data: str) -> Outline:
    return load_dataset(data).outline if data in DATASETS else added.find(data).outline(data)


@st.cache_resource(max_entries=8, show_spinner="Counting values and labels …")
def _load_contents(stamp: Stamp, data: str) -> Contents:
    return contents(load_dataset(data))


@st.cache_resource(max_entries=3, show_spinner="Reading the images …")
def _load_split(stamp: Stamp, data: str, split: str) -> Split:
    return load_dataset(data).split(split)


def load_background(data: str, n: int, seed: int) -> np.ndarray:
    """The images that explanations are compared with: `n`, or all where there are fewer."""
    return _load_background(source_stamp(data), data, n, seed)


def source_stamp(data: str) -> Stamp:
    """What changes when other images take the place of those that were read of a data set.

    It is empty of an added data set that is gone.
    """
    sources = [settings.data_source(), settings.keras_data_file()]
    if data not in DATASETS:
        sources = [added.about_file(data)]
    paths = [path for path in sources if path is not None and path.exists()]
    paths += [file for path in paths if path.is_dir() for file in sorted(path.iterdir())]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)


def load_shapes(view: View) -> Shapes:
    """What is measured of every image of the split on show; of strokes only where there are any."""
    return _load_shapes(view.split.fingerprint, view.outline.shows_strokes, view.split)


@st.cache_resource(max_entries=4, show_spinner="Measuring strokes …")
def _load_shapes(split_fingerprint: str, shows_strokes: bool, _split: Split) -> Shapes:
    return worker.call(partial(measure, shows_strokes=shows_strokes), _split.images)


@st.cache_resource(max_entries=8, show_spinner="Choosing background images …")
def _load_background(stamp: Stamp, data: str, n: int, seed: int) -> np.ndarray:
    split = load_dataset(data).split(reference_split_of(data))
    return background(split, n=default_size(len(split), n), seed=seed).copy()


def background_in_words(data: str, n: int, seed: int) -> str:
    """Which images explanations are compared with, of at most `n`."""
    n = default_size(load_outline(data).sizes[reference_split_of(data)], n)
    where = reference_in_words(data)
    return f"{n:,} images of {where}, chosen at random with seed {seed}"


def reference_in_words(data: str) -> str:
    """The split that opened images are held against: the one models learned on, if it is there."""
    split = reference_split_of(data)
    return split if split == "train" else f"{split} (this source has no train split)"


def reference_split_of(data: str) -> str:
    """See `reference_split`, of a data set by its name."""
    return reference_split(load_outline(data).sizes)
