"""What a run is made by: train and resume, and how far a training has come."""

from mnist_core.training.train import Progress, free_name, newest_stopped_run, resume, train

__all__ = ["Progress", "free_name", "newest_stopped_run", "resume", "train"]
