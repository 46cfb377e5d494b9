"""Runs as they lie in the models folder: what they are, their history and their checkpoints."""

from mnist_core.runs.checkpoint import Checkpoint, checkpoint_path
from mnist_core.runs.epoch_answers import (
    EpochPredictions,
    add_answers,
    read_epoch_predictions,
    write_epoch_predictions,
)
from mnist_core.runs.folders import NAME_PATTERN, hidden_folder, run_folder
from mnist_core.runs.history import EpochRecord, best_of, read_history, write_history
from mnist_core.runs.lock import in_use, is_in_use
from mnist_core.runs.reading import list_runs, read_run
from mnist_core.runs.run import RECORDED_SPLITS, Run, State
from mnist_core.runs.run_file import write_details

__all__ = [
    "NAME_PATTERN",
    "RECORDED_SPLITS",
    "Checkpoint",
    "EpochPredictions",
    "EpochRecord",
    "Run",
    "State",
    "add_answers",
    "best_of",
    "checkpoint_path",
    "hidden_folder",
    "in_use",
    "is_in_use",
    "list_runs",
    "read_epoch_predictions",
    "read_history",
    "read_run",
    "run_folder",
    "write_details",
    "write_epoch_predictions",
    "write_history",
]
