"""The search for a few pixels that change an answer as a job: in the workers, round by round."""

from functools import partial

import numpy as np

from dashboard.work import jobs, worker
from mnist_core.explainers.turning import Turned, turn
from mnist_core.runs import Checkpoint


def turning(
    checkpoint: Checkpoint, image: np.ndarray, target: int
) -> jobs.Work[tuple[Turned | None]]:
    """Work that has an image read as another class; see `turn`.

    Args:
        checkpoint: The model.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        target: The class.

    Returns:
        A function for `jobs.ask`; it makes one `Turned`, or `None` where none was found: in a
        tuple, so that this is told from work that has not ended.
    """
    search = partial(turn, checkpoint.path, image, target, call=worker.call)
    return lambda report: (search(on_progress=report),)
