"""Names in, core objects out, each loaded once for all visitors."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard import jobs, words, worker
from dashboard.explaining import explaining
from dashboard.state import Selection
from mnist_core import runs, settings
from mnist_core.datasets import Outline, Split, load_dataset
from mnist_core.distributions import Contents, Likeness, contents, likeness
from mnist_core.evaluation import Evaluation
from mnist_core.explainers import EXPLAINERS, background
from mnist_core.explainers.backgrounds import DEFAULT_SIZE
from mnist_core.feature_maps import (
    Filters,
    LayerMaps,
    LayerRow,
    feature_maps,
    first_filters,
    model_summary,
)
from mnist_core.prediction import predict, predict_split
from mnist_core.runs import Checkpoint, Run
from mnist_core.sketch import Sketch, to_mnist

Stamp = tuple[tuple[str, int, int], ...]

# Resources are shared, not copied: all arrays in them are read-only.


def load_outline(data: str) -> Outline:
    """What there is to say of a data set without its images."""
    return _load_outline(_stamp(), data)


def load_contents(data: str) -> Contents:
    """What the splits of a data set hold, in figures."""
    return _load_contents(_stamp(), data)


def load_likenesses(data: str) -> dict[tuple[str, str], Likeness]:
    """How alike the label distributions of every two splits are, by their names."""
    counts = load_contents(data).counts
    return {
        (split, other): likeness(counts[split], counts[other])
        for split, other in combinations(counts, 2)
    }


def load_split(data: str, split: str) -> Split:
    """One split of a data set; the others are let go, they would double the server's memory."""
    return _load_split(_stamp(), data, split)


@st.cache_resource(max_entries=8, show_spinner="Reading the images …")
def _load_outline(stamp: Stamp, data: str) -> Outline:
    return load_dataset(data).outline


@st.cache_resource(max_entries=8, show_spinner="Counting values and labels …")
def _load_contents(stamp: Stamp, data: str) -> Contents:
    return contents(load_dataset(data))


@st.cache_resource(max_entries=3, show_spinner="Reading the images …")
def _load_split(stamp: Stamp, data: str, split: str) -> Split:
    return load_dataset(data).split(split)


def _stamp() -> Stamp:
    """What changes when another file of images takes the place of the one that was read."""
    sources = (settings.data_source(), settings.keras_data_file())
    paths = [path for path in sources if path is not None and path.exists()]
    paths += [file for path in paths if path.is_dir() for file in sorted(path.iterdir())]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)


def list_runs() -> tuple[Run, ...]:
    """All runs as they lie in the models folder now, by name."""
    return runs.list_runs(settings.models_folder())


def load_run(name: str) -> Run:
    """One run as it lies in the models folder now."""
    return runs.read_run(settings.models_folder(), name)


def load_evaluation(run: str, epoch: int, data: str, split: str) -> Evaluation:
    """How a checkpoint does on a split; predicted in a worker unless it is in the cache folder."""
    images = load_split(data, split)
    checkpoint = load_run(run).checkpoint(epoch)
    return _load_evaluation(_fingerprint(checkpoint), images.fingerprint, checkpoint, images)


def load_summary(run: str, epoch: int) -> tuple[LayerRow, ...]:
    """The layers of a checkpoint's model."""
    checkpoint = load_run(run).checkpoint(epoch)
    return _load_summary(_fingerprint(checkpoint), checkpoint)


@st.cache_resource(max_entries=64, show_spinner="Opening the model …")
def _load_summary(checkpoint_fingerprint: str, _checkpoint: Checkpoint) -> tuple[LayerRow, ...]:
    return worker.call(model_summary, _checkpoint.path)


def load_filters(run: str, epoch: int) -> Filters:
    """The filters of a checkpoint's first layer."""
    checkpoint = load_run(run).checkpoint(epoch)
    return _load_filters(_fingerprint(checkpoint), checkpoint)


@st.cache_resource(max_entries=64, show_spinner="Opening the model …")
def _load_filters(checkpoint_fingerprint: str, _checkpoint: Checkpoint) -> Filters:
    return worker.call(first_filters, _checkpoint.path)


def load_feature_maps(selection: Selection, index: int) -> tuple[LayerMaps, ...]:
    """What the chosen checkpoint's layers answer to one image of the chosen split."""
    checkpoint, split = _chosen(selection)
    return _load_feature_maps(_fingerprint(checkpoint), split.fingerprint, index, checkpoint, split)


@st.cache_resource(max_entries=64, show_spinner="Looking through the layers …")
def _load_feature_maps(
    checkpoint_fingerprint: str,
    split_fingerprint: str,
    index: int,
    _checkpoint: Checkpoint,
    _split: Split,
) -> tuple[LayerMaps, ...]:
    return worker.call(feature_maps, _checkpoint.path, _split.images[index])


def explaining_job(selection: Selection, indices: Sequence[int]) -> tuple[str, str, jobs.Work]:
    """Name, description and work of explaining images of the chosen split, for `long_work`."""
    checkpoint, split = _chosen(selection)
    n_classes = len(load_outline(str(selection.data)).class_names)
    compared = _load_background(_stamp(), str(selection.data))
    work = explaining(EXPLAINERS["deep-shap"], checkpoint, split, indices, compared, n_classes)
    places = ",".join(map(str, indices))
    key = f"explain-{_fingerprint(checkpoint)}-{split.fingerprint}-{places}"
    return key, f"Explaining {words.images(len(indices))}", work


def load_sketch(drawing: np.ndarray | None) -> Sketch | None:
    """A drawing as the model sees it; `None` without ink."""
    return None if drawing is None else worker.call(to_mnist, drawing)


def predict_image(selection: Selection, image: np.ndarray) -> np.ndarray:
    """Probabilities of the chosen checkpoint for one image. `float32`, shape `(n_classes,)`."""
    run = load_run(str(selection.run))
    return _predict(run.checkpoint(int(selection.epoch or 0)).path, image[None])[0]


@st.cache_resource(max_entries=8, show_spinner="Choosing background images …")
def _load_background(stamp: Stamp, data: str) -> np.ndarray:
    return background(load_dataset(data).split(_background_split(data))).copy()


def background_in_words(data: str) -> str:
    """Which images explanations are compared with."""
    split = _background_split(data)
    note = "" if split == "train" else " (this source has no train split)"
    return f"compared with {DEFAULT_SIZE} images of {split}{note}, chosen at random with seed 0"


def _background_split(data: str) -> str:
    return "train" if "train" in load_outline(data).sizes else "validation"


def _chosen(selection: Selection) -> tuple[Checkpoint, Split]:
    checkpoint = load_run(str(selection.run)).checkpoint(int(selection.epoch or 0))
    return checkpoint, load_split(str(selection.data), str(selection.split))


def find_evaluation(selection: Selection) -> Evaluation | None:
    """How the chosen checkpoint does on the chosen split; `None` while there is no run."""
    if selection.run is None or selection.epoch is None:
        return None
    return load_evaluation(
        selection.run, selection.epoch, str(selection.data), str(selection.split)
    )


@st.cache_resource(max_entries=16, show_spinner="Predicting every image …", show_time=True)
def _load_evaluation(
    checkpoint_fingerprint: str, split_fingerprint: str, _checkpoint: Checkpoint, _split: Split
) -> Evaluation:
    y_prob = predict_split(_checkpoint, _split, settings.cache_folder(), predict=_predict)
    return Evaluation(_split.labels, y_prob)


def _predict(model_file: Path, images: np.ndarray) -> np.ndarray:
    return worker.call(predict, model_file, images)


def _fingerprint(checkpoint: Checkpoint) -> str:
    try:
        status = checkpoint.path.stat()
    except OSError:
        return checkpoint.fingerprint  # raises the sentence for a file that is gone
    return _hash(checkpoint.path, status.st_mtime_ns, status.st_size, checkpoint)


@st.cache_resource(max_entries=1_000, show_spinner=False)
def _hash(path: Path, modified: int, size: int, _checkpoint: Checkpoint) -> str:
    return _checkpoint.fingerprint
