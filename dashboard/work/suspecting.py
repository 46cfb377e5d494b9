"""The ranking of suspect labels as a job: predicted and ranked in the workers."""

from collections.abc import Sequence

import numpy as np

from dashboard.work import jobs, worker
from dashboard.work.model_by_model import ModelByModel
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.inference.prediction import predict_split
from mnist_core.runs import Checkpoint
from mnist_core.suspects import Suspects, in_words, rank_suspects


def suspecting(checkpoints: Sequence[Checkpoint], split: Split) -> jobs.Work[Suspects]:
    """Work that ranks the labels of a split by checkpoints that did not train on it.

    Args:
        checkpoints: One or more, see `suspects.witnesses`.
        split: Whose labels are ranked.

    Returns:
        A function for `jobs.ask`; it makes the `Suspects`.
    """

    def work(report: jobs.Report) -> Suspects:
        y_probs: list[np.ndarray] = []
        models = ModelByModel(report, len(checkpoints), split)
        for place, checkpoint in enumerate(checkpoints):
            models.begin(place)
            y_probs.append(
                predict_split(checkpoint, split, settings.cache_folder(), predict=models.predict)
            )
        evidence = [in_words(checkpoint) for checkpoint in checkpoints]
        return worker.call(rank_suspects, split.labels, y_probs, evidence)

    return work


def suspecting_cross_validated(y_prob: np.ndarray, plan: str, split: Split) -> jobs.Work[Suspects]:
    """Work that ranks the labels of a split by cross-validated probabilities of its images.

    Args:
        y_prob: See `cross_validation`. `float32`, shape `(n, n_classes)`.
        plan: How they came about, in words.
        split: Whose labels are ranked.
    """

    def work(report: jobs.Report) -> Suspects:
        return worker.call(rank_suspects, split.labels, [y_prob], [plan])

    return work
