"""The search for twins as a job: in a process of its own, one at a time."""

import threading

from dashboard.work import jobs
from mnist_core.twins import Twins, twins_apart

_ONE_AT_A_TIME = threading.Lock()
"""Each takes all processors there are."""


def pairing(data: str) -> jobs.Work[tuple[Twins, ...]]:
    """Work that finds the twins across the splits of a data set.

    Returns:
        A function for `jobs.ask`; it makes `Twins` of every two splits.
    """

    def work(report: jobs.Report) -> tuple[Twins, ...]:
        while not _ONE_AT_A_TIME.acquire(timeout=0.5):
            report(0, 0)
        try:
            return twins_apart(data, report)
        finally:
            _ONE_AT_A_TIME.release()

    return work
