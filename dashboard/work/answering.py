"""The answers of many runs to one split as a job: read or predicted, one run after the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dashboard.work import jobs
from dashboard.work.model_by_model import ModelByModel
from mnist_core.answers.brief_answers import BriefAnswers
from mnist_core.datasets import Split
from mnist_core.errors import MnistLensError, WorkerError
from mnist_core.inference.prediction import Predict
from mnist_core.runs import Run

Load = Callable[[Run, int, Split, Predict], BriefAnswers]
"""Gives what a run answered to a split after an epoch; is given what predicts a block of images."""


class Answered(NamedTuple):
    """What many runs answered to one split.

    Attributes:
        answers: By name and epoch of the run.
        against: Why there are none of the others, in a sentence, likewise.
    """

    answers: Mapping[tuple[str, int], BriefAnswers]
    against: Mapping[tuple[str, int], str]


def answering(asked: Sequence[tuple[Run, int]], split: Split, *, load: Load) -> jobs.Work[Answered]:
    """Work that gathers the answers of runs; one that cannot be read stops none of the others.

    Args:
        asked: Runs, each with an epoch counted from 1.
        split: What they are asked about.
        load: Gives the answers of one of them.

    Returns:
        A function for `jobs.ask`; it makes the `Answered`.
    """

    def work(report: jobs.Report) -> Answered:
        answers, against = dict[tuple[str, int], BriefAnswers](), dict[tuple[str, int], str]()
        models = ModelByModel(report, len(asked), split)
        for place, (run, epoch) in enumerate(asked):
            models.begin(place)
            try:
                answers[run.name, epoch] = load(run, epoch, split, models.predict)
            except WorkerError:
                raise  # it would be the same of the next
            except (MnistLensError, OSError) as error:
                against[run.name, epoch] = str(error)
        return Answered(answers, against)

    return work
