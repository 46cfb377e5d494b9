"""What runs answered to a split: recorded in training, or predicted in a worker."""

from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.loading.kept_arrays import KeptArrays
from dashboard.work import worker
from mnist_core import runs, settings
from mnist_core.answers.evaluation import Answers, Output, evaluate
from mnist_core.datasets import Split
from mnist_core.errors import EvaluationError, RunError
from mnist_core.inference.prediction import predict_first, predict_split
from mnist_core.runs import Checkpoint, EpochPredictions, Run, StoredAnswers
from mnist_core.runs.answering import answers_after
from mnist_core.runs.epoch_answers import MOST_BYTES
from mnist_core.runs.learning_histories import LearningHistories, learning_histories


def load_answers(run: Run, epoch: int, split: Split) -> Answers:
    """What a run answered to a split after an epoch.

    Predicted in a worker unless it is in the cache folder; where the epoch's model was not kept,
    what was recorded in training.

    Raises:
        RunError: There is neither.
    """
    return answers_after(
        run,
        epoch,
        split,
        recorded=load_recorded,
        predicted=lambda checkpoint, images: _load_evaluation(
            checkpoint.fingerprint, images.fingerprint, run.output, checkpoint, images
        ),
    )


def load_recorded(run: Run, split: Split) -> EpochPredictions | None:
    """What a run answered to a split after every epoch; `None` where that was not recorded.

    Raises:
        RunError: epochs.npz is damaged.
    """
    if not run.has_answers_to(split):
        return None
    key = (str(run.folder), split.name, record_stamp(run))
    stored = _recorded.get(key, partial(runs.read_stored_answers, run.folder, split.name))
    # The file can be one epoch ahead of the history that the run was read with.
    return None if stored is None else stored.of(run)


def _n_bytes(stored: StoredAnswers | None) -> int:
    return 1 if stored is None else stored.predicted.nbytes + stored.confidence.nbytes


_recorded = KeptArrays[StoredAnswers | None](most_bytes=2 * MOST_BYTES, size=_n_bytes)
"""By folder, split, and what changes with the file: as much as one file may hold of one split."""


def record_stamp(run: Run) -> tuple[int, int, int]:
    """What changes with the file of what a run recorded; it must be there."""
    status = (run.folder / "epochs.npz").stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


def counted_accuracy(run: Run, split: Split, left_out: np.ndarray) -> float | None:
    """Share of a split that a run classified right after its best epoch, 0–1.

    Args:
        run: Any run.
        split: The images.
        left_out: Positions of those that do not count. `int64`, shape `(k,)`.

    Returns:
        `None` where its answers to the split were not recorded or cannot be used, or no image
        counts.
    """
    try:
        answers = _recorded_answers(run, run.best_epoch or 0, split)
        return None if answers is None else answers.without(left_out).accuracy
    except (RunError, EvaluationError, OSError):
        return None  # its own pages say why


def load_histories(run: Run, split: Split) -> LearningHistories | None:
    """How a run learned each image of a split; `None` where it has not recorded that."""
    recorded = load_recorded(run, split)
    return None if recorded is None else learning_histories(recorded, split.labels)


def _recorded_answers(run: Run, epoch: int, split: Split) -> Answers | None:
    recorded = load_recorded(run, split)
    if recorded is None or epoch not in recorded.epochs:
        return None
    return recorded.after(epoch, split.labels, run)


@st.cache_resource(max_entries=16, show_spinner="Predicting every image …", show_time=True)
def _load_evaluation(
    checkpoint_fingerprint: str,
    split_fingerprint: str,
    output: Output,
    _checkpoint: Checkpoint,
    _split: Split,
) -> Answers:
    y_prob = predict_split(_checkpoint, _split, settings.cache_folder(), predict=_predict_in_worker)
    return evaluate(_split.labels, y_prob, output)


def _predict_in_worker(model_file: Path, images: np.ndarray) -> np.ndarray:
    return worker.call(predict_first, model_file, images)
