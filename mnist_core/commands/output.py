"""What commands print: JSON for programs, tables for people."""

from __future__ import annotations

import json
import sys


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2))


def print_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*header, box=None, header_style="bold", pad_edge=False)
    for position, column in enumerate(table.columns):
        column.no_wrap = True
        column.justify = "right" if position else "left"
    for row in rows:
        table.add_row(*map(Text, row))
    # A pipe has no width of its own: nothing may be cut off there.
    Console(width=None if sys.stdout.isatty() else 200).print(table)
