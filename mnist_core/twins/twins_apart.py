"""The search for twins in a process of its own: it holds all images, so that a server need not."""

from __future__ import annotations

from mnist_core import apart
from mnist_core.errors import DatasetError
from mnist_core.twins.found import Twins
from mnist_core.twins.messages import unpacked
from mnist_core.twins.search import OnProgress


def twins_apart(data: str, on_progress: OnProgress) -> tuple[Twins, ...]:
    """Look for the twins of a data set as `twins_of` does, in another process.

    Args:
        data: Name of the data set.
        on_progress: Called at least once a second with millions of pairs seen and in all, 0 while
            the images are read. If it raises, the process is killed, and what it raised is raised
            here.

    Raises:
        DatasetError: The data set cannot be read, or the process ended early.
    """
    done, total = 0, 0
    with apart.running("mnist_core.twins", data) as process:
        for said in apart.lines(process):
            if "error" in said:
                raise DatasetError(said["error"])
            if "twins" in said:
                return tuple(map(unpacked, said["twins"]))
            done, total = said.get("progress", (done, total))
            on_progress(done, total)
        how = apart.how_it_ended(process) or "without a result"
    raise DatasetError(
        f"Expected the twins of {data}. Received: the search ended early ({how}), perhaps out of "
        "memory. Open the page again."
    )
