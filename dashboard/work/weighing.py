"""What the channels of layers do to a cell as a job: computed in the workers block by block."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.datasets import Split
from mnist_core.inference.channel_differences import differences_block
from mnist_core.inference.channel_effects import ChannelEffects, channel_effects
from mnist_core.inference.layer_stages import Stage
from mnist_core.runs import Checkpoint


@dataclass(frozen=True, eq=False)
class AskedCell:
    """A cell of mistakes, and the images that it is asked about.

    Attributes:
        labels: True and predicted class.
        wrong: Positions of images of the one taken for the other. `int64`.
        right: Positions of images of the true class taken for it. `int64`.
    """

    labels: tuple[int, int]
    wrong: np.ndarray
    right: np.ndarray


def weighing(
    checkpoint: Checkpoint, split: Split, stages: Sequence[Stage], cell: AskedCell
) -> jobs.Work[tuple[ChannelEffects, ...]]:
    """Work that finds what each channel of layers does to a cell; see `channel_effects`.

    Returns:
        A function for `jobs.ask`; it makes the effects in each layer.
    """

    def block(*asked: object) -> np.ndarray:
        return worker.call(differences_block, *asked)

    def work(report: jobs.Report) -> tuple[ChannelEffects, ...]:
        sizes = [(stage.channels + 1) * (len(cell.wrong) + len(cell.right)) for stage in stages]

        def effects(place: int) -> ChannelEffects:
            before = sum(sizes[:place])
            report(before, sum(sizes))
            return channel_effects(
                checkpoint,
                split,
                stages[place],
                cell.labels,
                cell.wrong,
                cell.right,
                settings.cache_folder(),
                differences=block,
                on_progress=lambda done, _: report(before + done, sum(sizes)),
            )

        return tuple(effects(place) for place in range(len(stages)))

    return work
