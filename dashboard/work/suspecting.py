"""The ranking of suspect labels as a job: predicted and ranked in the workers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.inference.prediction import predict_first, predict_split
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
        done = 0

        def ask(model_file: Path, images: np.ndarray) -> np.ndarray:
            nonlocal done
            report(done, len(checkpoints) * len(split))
            y_prob = worker.call(predict_first, model_file, images)
            done += len(y_prob)
            return y_prob

        for place, checkpoint in enumerate(checkpoints):
            done = place * len(split)
            report(done, len(checkpoints) * len(split))
            y_probs.append(predict_split(checkpoint, split, settings.cache_folder(), predict=ask))
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
