"""Several models that predict one split in the workers, one by one, and how far they are."""

from pathlib import Path

import numpy as np

from dashboard.work import jobs, worker
from mnist_core.datasets import Split
from mnist_core.inference.prediction import predict_first


class ModelByModel:
    """Counts the images that models have predicted, all models together, and reports them."""

    def __init__(self, report: jobs.Report, n_models: int, split: Split) -> None:
        """Count nothing yet.

        Args:
            report: Of the job.
            n_models: How many will be asked.
            split: What each of them is asked about.
        """
        self._report, self._n_images, self._done = report, len(split), 0
        self._total = n_models * len(split)

    def begin(self, place: int) -> None:
        """Go on to the model of this place, from 0; those before it count as done."""
        self._done = place * self._n_images
        self._report(self._done, self._total)

    def predict(self, model_file: Path, images: np.ndarray) -> np.ndarray:
        """Predict a block in a worker; see `predict_first`."""
        self._report(self._done, self._total)
        y_prob = worker.call(predict_first, model_file, images)
        self._done += len(y_prob)
        return y_prob
