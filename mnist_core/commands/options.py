"""Options that several commands have."""

from __future__ import annotations

import math
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


Data = Annotated[str, typer.Option(help="Name of a data set, or an .npz file or IDX folder.")]


SplitName = Annotated[
    str | None, typer.Option("--split", help="Defaults to test, or to validation without one.")
]

Only = Annotated[str | None, typer.Option("--only", help="Only the images of this set.")]


def _limit(gigabytes: float) -> float:
    # Nothing is larger than NaN, so that it would be no limit at all.
    if math.isfinite(gigabytes) and gigabytes > 0:
        return gigabytes
    raise typer.BadParameter(
        f"Expected a number of gigabytes above 0. Received: {gigabytes}. Write, for example, 2.5."
    )


MaxDataGb = Annotated[
    float,
    typer.Option(
        "--max-data-gb",
        help="Refuse data that unpacks to more gigabytes than this.",
        callback=_limit,
    ),
]
