"""Options that several commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


Data = Annotated[str, typer.Option(help="Name of a data set, or an .npz file or IDX folder.")]


MaxDataGb = Annotated[
    float,
    typer.Option("--max-data-gb", help="Refuse data that unpacks to more gigabytes than this."),
]
