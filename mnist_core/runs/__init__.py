"""Runs as they lie in the models folder: what they are, their history and their checkpoints."""

from mnist_core.runs.checkpoint import Checkpoint, checkpoint_path
from mnist_core.runs.details import (
    DataRecord,
    Details,
    Hyperparameters,
    ImportRecord,
    State,
    details_of,
    read_details,
    read_json,
    write_details,
)
from mnist_core.runs.epoch_answers import (
    EpochPredictions,
    StoredAnswers,
    add_answers,
    read_epoch_predictions,
    read_stored_answers,
    write_epoch_predictions,
)
from mnist_core.runs.folders import NAME_PATTERN, hidden_folder, run_folder, run_folders
from mnist_core.runs.history import EpochRecord, best_of, read_history, write_history
from mnist_core.runs.lock import in_use, is_in_use
from mnist_core.runs.reading import list_runs, read_run
from mnist_core.runs.run import RECORDED_SPLITS, Run

__all__ = [
    "NAME_PATTERN",
    "RECORDED_SPLITS",
    "Checkpoint",
    "DataRecord",
    "Details",
    "EpochPredictions",
    "EpochRecord",
    "Hyperparameters",
    "ImportRecord",
    "Run",
    "State",
    "StoredAnswers",
    "add_answers",
    "best_of",
    "checkpoint_path",
    "details_of",
    "hidden_folder",
    "in_use",
    "is_in_use",
    "list_runs",
    "read_details",
    "read_epoch_predictions",
    "read_history",
    "read_json",
    "read_run",
    "read_stored_answers",
    "run_folder",
    "run_folders",
    "write_details",
    "write_epoch_predictions",
    "write_history",
]
