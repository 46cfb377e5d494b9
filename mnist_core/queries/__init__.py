"""Questions about images: conditions over what is known of each, and the images that meet them."""

from mnist_core.queries.columns import COLUMNS, Column
from mnist_core.queries.conditions import between, one_of
from mnist_core.queries.parts import joined, parts, without
from mnist_core.queries.query import Query, parse_query
from mnist_core.queries.reader import LARGEST_NUMBER
from mnist_core.queries.spread import Bars, Histogram, Spread, histogram, spread
from mnist_core.queries.subject import Subject
from mnist_core.queries.tree import MOST_CHARACTERS

__all__ = [
    "COLUMNS",
    "LARGEST_NUMBER",
    "MOST_CHARACTERS",
    "Bars",
    "Column",
    "Histogram",
    "Query",
    "Spread",
    "Subject",
    "between",
    "histogram",
    "joined",
    "one_of",
    "parse_query",
    "parts",
    "spread",
    "without",
]
