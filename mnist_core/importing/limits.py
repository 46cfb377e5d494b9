"""How much memory an import may take."""

import resource

MOST_ADDRESS_SPACE = 4_000_000_000
"""Bytes; TensorFlow maps 1.8 GB of them as it is imported, and the models get the rest."""


def limit_memory() -> None:
    """Let this process have no more; what it asks for beyond is refused, which may end it."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MOST_ADDRESS_SPACE if most == resource.RLIM_INFINITY else min(MOST_ADDRESS_SPACE, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
