"""Imports as jobs: one at a time, in a process of their own, for as long as somebody waits."""

import threading
from pathlib import Path

from dashboard.work import jobs
from mnist_core.importing import import_apart, is_importable

_ONE_AT_A_TIME = threading.Lock()


def importing(folder: Path) -> jobs.Work[bool]:
    """Work that makes a run of a folder of models, in its place.

    Returns:
        A function for `jobs.ask`; it makes `True`, also where somebody else has made the run.
    """

    def work(report: jobs.Report) -> bool:
        while not _ONE_AT_A_TIME.acquire(timeout=0.5):  # each may take a few GB
            report(0, 0)
        try:
            if is_importable(folder):
                import_apart(folder, report)
        finally:
            _ONE_AT_A_TIME.release()
        return True

    return work
