"""Questions about images: conditions over what is known of each, and the images that meet them."""

from mnist_core.queries.columns import COLUMNS, Column
from mnist_core.queries.query import MOST_CHARACTERS, Query, parse_query
from mnist_core.queries.subject import Subject

__all__ = ["COLUMNS", "MOST_CHARACTERS", "Column", "Query", "Subject", "parse_query"]
