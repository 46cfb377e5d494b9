"""Questions about images: conditions over what is known of each, and the images that meet them."""

from mnist_core.queries.columns import COLUMNS, Column
from mnist_core.queries.parts import joined, parts, without
from mnist_core.queries.query import Query, parse_query
from mnist_core.queries.subject import Subject
from mnist_core.queries.tree import MOST_CHARACTERS

__all__ = [
    "COLUMNS",
    "MOST_CHARACTERS",
    "Column",
    "Query",
    "Subject",
    "joined",
    "parse_query",
    "parts",
    "without",
]
