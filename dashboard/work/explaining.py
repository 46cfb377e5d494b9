"""Explanations as jobs: computed in the workers block by block, and kept in the cache folder."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np

from dashboard.work import jobs, worker
from mnist_core import settings
from mnist_core.explainers import Attribution, Explainer, Target, explain_cached
from mnist_core.runs import Checkpoint

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Asked:
    """One image that is explained.

    Attributes:
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        target: What of the answer to it is explained.
    """

    image: np.ndarray
    target: Target = field(default_factory=Target)


def explaining(
    explainer: Explainer,
    checkpoint: Checkpoint,
    asked: Mapping[Name, Asked],
    background: np.ndarray,
) -> jobs.Work[dict[Name, Attribution]]:
    """Work that explains images, one block after the other.

    Args:
        explainer: The method.
        checkpoint: The model.
        asked: The images, by a name for each, such as its position in a split.
        background: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.

    Returns:
        A function for `jobs.ask`; it makes a `dict` from name to `Attribution`, in the same order.
    """

    def work(report: jobs.Report) -> dict[Name, Attribution]:
        found: dict[Name, Attribution] = {}

        def on_progress(done: int, of_image: int) -> None:
            report(len(found) * of_image + done, len(asked) * of_image)

        explain = partial(explainer.explain_somehow, call=worker.call, on_progress=on_progress)
        cache = settings.cache_folder()
        for name, one in asked.items():
            report(len(found), len(asked))
            found[name] = explain_cached(
                explainer,
                checkpoint,
                one.image,
                background,
                cache,
                target=one.target,
                explain=explain,
            )
        return found

    return work
