"""Pictures that a browser sent, as a job: decoded in the workers, a few at a time."""

from collections.abc import Sequence
from functools import partial

from dashboard.work import jobs, worker
from mnist_core.own.own_digits import NO_DIGITS
from mnist_core.own.taking import Refusal
from mnist_core.own.uploads import TakenUploads, take_part

_AT_ONCE = 20
"""Pictures of an archive for which a worker is held."""


def taking(
    uploads: Sequence[tuple[str, bytes]], class_names: Sequence[str]
) -> jobs.Work[TakenUploads]:
    """Work that takes the digits of pictures.

    Args:
        uploads: Name and content of each file.
        class_names: Name of each class that a picture can be named by.

    Returns:
        A function for `jobs.ask`; it makes the `TakenUploads`.
    """

    def work(report: jobs.Report) -> TakenUploads:
        digits, refused = NO_DIGITS, list[Refusal]()
        done, total = 0, len(uploads)
        for name, content in uploads:
            start, n = 0, 1
            while start < n:
                report(done + start, total)
                some = partial(take_part, start=start, n=_AT_ONCE)
                part = worker.call(some, name, content, class_names)
                total += part.n_pictures - n
                n, start = part.n_pictures, start + _AT_ONCE
                digits = digits.joined(part.digits)
                refused += part.refused
            done += n
        return TakenUploads(digits, tuple(refused))

    return work
