"""An import in a process of its own, which may take only so much time and memory.

Model files come from strangers. Whatever they do there, nobody else waits for it, and an abnormal
end becomes one sentence.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_core import apart
from mnist_core.errors import RunError
from mnist_core.importing.takeover import put_back
from mnist_core.inference.memory_limit import MOST_ADDRESS_SPACE
from mnist_core.runs.folders import hidden_name

if TYPE_CHECKING:
    import subprocess

MOST_SECONDS = 1_800


def import_apart(folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Make a run of a folder in the models folder as `import_dropped` does, in another process.

    Args:
        folder: Where the models lie.
        on_progress: Called at least once a second with models done and models in all, 0 while
            unknown. If it raises, the process is killed, nothing of the run stays, and what it
            raised is raised here.

    Raises:
        RunError: What `import_dropped` raises, or the process took too long or ended early.
    """
    new = hidden_name(folder)
    try:
        with apart.running("mnist_core.importing", str(folder), str(new)) as process:
            _follow(process, on_progress)
    finally:
        put_back(new, folder)


def _follow(process: subprocess.Popen[bytes], on_progress: Callable[[int, int], None]) -> None:
    """Pass on what the process says until it ends."""
    done, total, until = 0, 0, time.monotonic() + MOST_SECONDS
    for said in apart.lines(process):
        if "error" in said:
            raise RunError(said["error"])
        done, total = said.get("progress", (done, total))
        on_progress(done, total)
        if time.monotonic() > until:
            raise RunError(
                f"Expected an import of at most {MOST_SECONDS // 60} minutes. Received: one that "
                "took longer and was stopped. Import fewer or smaller models at a time."
            )
    if how := apart.how_it_ended(process):
        raise RunError(
            f"Expected models that can be imported with {MOST_ADDRESS_SPACE / 1e9:.0f} GB of "
            f"memory. Received: the import ended early ({how}). Import fewer or smaller models at "
            "a time."
        )
