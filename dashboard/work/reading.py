"""What several models read in one image, as a job: asked in the workers one after the other."""

from collections.abc import Mapping, Sequence

import numpy as np

from dashboard.work import jobs, worker
from mnist_core.errors import CheckpointError
from mnist_core.inference.prediction import predict
from mnist_core.runs import Checkpoint


def reading(
    checkpoints: Sequence[Checkpoint], image: np.ndarray
) -> jobs.Work[Mapping[str, np.ndarray]]:
    """Work that asks models about an image; one that cannot be opened stops none of the others.

    Args:
        checkpoints: One of each run.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.

    Returns:
        A function for `jobs.ask`; it makes a mapping from a run's name to its outputs, `float32`,
        shape `(n_classes,)`.
    """

    def work(report: jobs.Report) -> Mapping[str, np.ndarray]:
        outputs: dict[str, np.ndarray] = {}
        for done, checkpoint in enumerate(checkpoints):
            report(done, len(checkpoints))
            try:
                outputs[checkpoint.run] = worker.call(predict, checkpoint.path, image[None])[0]
            except CheckpointError:
                continue  # its own pages say why
        return outputs

    return work
