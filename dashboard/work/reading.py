"""What several models read in some images, as a job: asked in the workers one after the other."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from dashboard.work import jobs, worker
from mnist_core.errors import CheckpointError
from mnist_core.inference.prediction import in_turns, predict_first
from mnist_core.runs import Checkpoint

_AT_MOST = 1_000
"""Images that cross together."""


def reading(
    checkpoints: Sequence[Checkpoint], images: np.ndarray
) -> jobs.Work[Mapping[str, np.ndarray]]:
    """Work that asks models about images; one that cannot be opened stops none of the others.

    Args:
        checkpoints: One of each run.
        images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.

    Returns:
        A function for `jobs.ask`; it makes a mapping from a run's name to its outputs, `float32`,
        shape `(n, n_classes)`.
    """

    def work(report: jobs.Report) -> Mapping[str, np.ndarray]:
        outputs: dict[str, np.ndarray] = {}
        for done, checkpoint in enumerate(checkpoints):
            report(done, len(checkpoints))
            ask = partial(worker.call, predict_first, checkpoint.path)
            try:
                parts = list(in_turns(ask, images, at_most=_AT_MOST))
                outputs[checkpoint.run] = np.concatenate(parts)
            except CheckpointError:
                continue  # its own pages say why
        return outputs

    return work
