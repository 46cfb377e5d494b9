"""How what is known of the images on show is spread over them."""

from dashboard.loading.subject import Gathered, load_subject
from dashboard.visit.view import View
from mnist_core.queries import Column, Query, Spread, parse_query, spread


def query_about(column: Column, view: View) -> Query:
    """A query that needs what the column needs, and nothing else."""
    return parse_query(f"{column.name} == {column.name}", view.class_names)


def load_spread(view: View, column: Column, gathered: Gathered) -> Spread:
    """How a column is spread over the images that count.

    Args:
        view: What the page shows.
        column: Any column.
        gathered: What was gathered for the query about it.

    Raises:
        QueryError: It is not known of these images.
    """
    values = column.of(load_subject(view, query_about(column, view), gathered))
    return spread(column, values[view.counted_positions], view.class_names)
