"""How much memory a process that runs models from elsewhere may take, and whether it ran out."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager

MOST_DATA = 6_000_000_000
"""Bytes that a process may write to: the largest models that may be opened take 1.4 GB of them, and
each thread of TensorFlow 8 MB."""

MOST_ADDRESS_SPACE = 4_000_000_000
"""Bytes that an import may map; TensorFlow maps 1.8 GB of them as it is imported."""


def limit_address_space() -> None:
    """Let this process map no more; what it asks for beyond is refused, which may end it."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MOST_ADDRESS_SPACE if most == resource.RLIM_INFINITY else min(MOST_ADDRESS_SPACE, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def limit_data(most_bytes: int = MOST_DATA) -> None:
    """Limit this process to so much, unless its limit is lower already; more memory is refused.

    Only Linux counts like this; elsewhere nothing is limited.
    """
    if sys.platform == "linux":
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_DATA, (min([most_bytes, *known]), hard))


@contextmanager
def limited_data(most_bytes: int = MOST_DATA) -> Iterator[None]:
    """As `limit_data`, for as long as the block runs."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit_data(most_bytes)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory was refused: by Python and numpy, or by TensorFlow if it is there."""
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
