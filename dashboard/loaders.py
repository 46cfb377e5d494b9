"""Names in, core objects out, each loaded once for all visitors."""

from pathlib import Path

import numpy as np
import streamlit as st

from dashboard import worker
from mnist_core import runs, settings
from mnist_core.datasets import Outline, Split, load_dataset
from mnist_core.evaluation import Evaluation
from mnist_core.prediction import predict, predict_split
from mnist_core.runs import Checkpoint, Run

# Resources are shared, not copied: all arrays in them are read-only.


@st.cache_resource(max_entries=8, show_spinner="Reading the images …")
def load_outline(data: str) -> Outline:
    """What there is to say of a data set without its images."""
    return load_dataset(data).outline


@st.cache_resource(max_entries=4, show_spinner="Reading the images …")
def load_split(data: str, split: str) -> Split:
    """One split of a data set; the others are let go, they would double the server's memory."""
    return load_dataset(data).split(split)


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


@st.cache_resource(max_entries=64, show_spinner="Predicting every image …", show_time=True)
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
