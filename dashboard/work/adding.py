"""A data set added as a job: in a process of its own, from files that somebody sent."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from dashboard.work import jobs
from mnist_core.adding import Uploaded, add_apart, lay_out
from mnist_core.datasets import Pixels


def adding(
    name: str,
    files: Sequence[Uploaded],
    *,
    title: str,
    class_names: Sequence[str],
    pixels: Pixels | None,
) -> jobs.Work[tuple[tuple[str, ...]]]:
    """Work that keeps files as a data set; its steps are pictures. See `add`.

    Args:
        name: What it will be called.
        files: As they were sent.
        title: As people write it; empty for a known one's, or the name.
        class_names: Of each class; empty for those that the files give.
        pixels: How pictures become 28×28; `None` of arrays.

    Returns:
        A function for `jobs.ask`; it makes the sentences on pictures that could not be read, in a
        tuple, so that none of them is told from work that has not ended.
    """

    def work(report: jobs.Report) -> tuple[tuple[str, ...]]:
        with tempfile.TemporaryDirectory(prefix="mnist-lens-") as outer:
            folder = Path(outer) / name  # the source that pages will name
            folder.mkdir()
            left_out = add_apart(
                name,
                lay_out(files, folder),
                pixels=pixels,
                class_names=class_names,
                title=title,
                on_progress=report,
            )
        return (left_out,)

    return work
