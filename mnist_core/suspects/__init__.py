"""Labels that models which did not train on the images doubt."""

from mnist_core.suspects.suspects import (
    Suspects,
    find_suspects,
    in_words,
    named_witnesses,
    objection,
    rank_suspects,
    witnesses,
)

__all__ = [
    "Suspects",
    "find_suspects",
    "in_words",
    "named_witnesses",
    "objection",
    "rank_suspects",
    "witnesses",
]
