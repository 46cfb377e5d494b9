"""A model with channels switched off as a job: it answers for a split in the workers."""

from pathlib import Path

import numpy as np

from dashboard.work import jobs, worker
from mnist_core.answers.brief_answers import BriefAnswers, in_brief
from mnist_core.answers.evaluation import Output, evaluate
from mnist_core.datasets import Split
from mnist_core.inference.channels_off import Off, predict_first_without, predict_split_without
from mnist_core.runs import Checkpoint


def switching(
    checkpoint: Checkpoint, split: Split, off: tuple[Off, ...], output: Output
) -> jobs.Work[BriefAnswers]:
    """Work that has a model answer with channels off; its steps are images.

    Returns:
        A function for `jobs.ask`; it makes the answers.
    """

    def work(report: jobs.Report) -> BriefAnswers:
        done = 0

        def predict(model_file: Path, images: np.ndarray, off: tuple[Off, ...]) -> np.ndarray:
            nonlocal done
            report(done, len(split))
            y_prob = worker.call(predict_first_without, model_file, images, off)
            done += len(y_prob)
            return y_prob

        y_prob = predict_split_without(checkpoint, split, off, predict=predict)
        return in_brief(evaluate(split.labels, y_prob, output))

    return work
