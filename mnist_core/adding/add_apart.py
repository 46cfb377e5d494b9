"""A data set added in a process of its own, which may take only so much time and memory.

Files come from strangers. Whatever they do there, nobody else waits for it, and an abnormal end
becomes one sentence.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mnist_core import apart
from mnist_core.datasets import Pixels, added
from mnist_core.errors import DatasetError

MOST_SECONDS = 1_800
MOST_DATA = 4_000_000_000
"""Bytes that it may write to."""


def add_apart(
    name: str,
    source: Path,
    *,
    pixels: Pixels | None,
    class_names: Sequence[str],
    title: str,
    on_progress: Callable[[int, int], None],
) -> tuple[str, ...]:
    """Keep files from elsewhere as a data set as `add` does, in another process.

    Args:
        name: See `add`, as for all that is not said here.
        source: An .npz file, a zip archive or a folder.
        pixels: How pictures become 28×28.
        class_names: Of each class.
        title: As people write it.
        on_progress: Called at least once a second with pictures done and in all, 0 while unknown.
            If it raises, the process is killed, nothing of the data set stays, and what it raised
            is raised here.

    Returns:
        A sentence on each picture that could not be read.

    Raises:
        DatasetError: What `add` raises, or the process took too long or ended early.
    """
    added.check_free(name)
    asked = json.dumps([name, str(source), pixels, list(class_names), title])
    steps, until = (0, 0), time.monotonic() + MOST_SECONDS
    try:
        with apart.running("mnist_core.adding", asked) as process:
            for said in apart.lines(process):
                if "error" in said:
                    raise DatasetError(said["error"])
                if "left_out" in said:
                    return tuple(said["left_out"])
                steps = said.get("progress", steps)
                on_progress(*steps)
                if time.monotonic() > until:
                    raise DatasetError(
                        f"Expected files that can be added within {MOST_SECONDS // 60} minutes. "
                        "Received: some that took longer. Add fewer at a time."
                    )
            how = apart.how_it_ended(process) or "without a result"
    finally:
        added.tidy(name)
    raise DatasetError(
        f"Expected files that can be added with {MOST_DATA / 1e9:.0f} GB of memory. Received: the "
        f"process ended early ({how}). Add fewer or smaller ones."
    )
