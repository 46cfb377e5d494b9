"""The mean of several models' probabilities as a job: predicted in the workers, one by one."""

from collections.abc import Iterator, Sequence

import numpy as np

from dashboard.work import jobs
from dashboard.work.model_by_model import ModelByModel
from mnist_core import settings
from mnist_core.answers.brief_answers import BriefAnswers, in_brief
from mnist_core.answers.mean_answers import mean_answers
from mnist_core.datasets import Split
from mnist_core.inference.prediction import predict_split
from mnist_core.runs import Checkpoint


def averaging(checkpoints: Sequence[Checkpoint], split: Split) -> jobs.Work[BriefAnswers]:
    """Work that has models answer together.

    Args:
        checkpoints: One or more, which answer with probabilities.
        split: What they are asked about.

    Returns:
        A function for `jobs.ask`; it makes the answers of the mean.
    """

    def work(report: jobs.Report) -> BriefAnswers:
        models = ModelByModel(report, len(checkpoints), split)

        def one_by_one() -> Iterator[np.ndarray]:
            for place, checkpoint in enumerate(checkpoints):
                models.begin(place)
                yield predict_split(
                    checkpoint, split, settings.cache_folder(), predict=models.predict
                )

        return in_brief(mean_answers(split.labels, one_by_one()))

    return work
