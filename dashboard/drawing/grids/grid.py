"""`Grid`: a table of buttons as the browser draws it, without any drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from mnist_core.image_size import SHAPE

Kind = Literal["", "right", "wrong", "few", "repaired", "broken", "still"]
"""What marks a button besides its colour."""


@dataclass(frozen=True)
class Line:
    """A row or a column: its class or epoch `id`, its name, and what its header says."""

    id: int
    name: str
    label: str = ""


@dataclass(frozen=True)
class Part:
    """One button of a cell.

    Attributes:
        text: Drawn on it.
        label: What a screen reader calls it.
        hint: What it says on hover and on focus, the label if empty.
        level: How full its colour is, 0–1.
        kind: See `Kind`.
        picture: Place of a picture in `Grid.pictures`, drawn instead of the text.
    """

    text: str
    label: str
    hint: str = ""
    level: float = 0
    kind: Kind = ""
    picture: int | None = None


@dataclass(frozen=True)
class Edge:
    """Figures along the right or the lower side: a title and one text with its label a line."""

    title: str
    texts: Sequence[str]
    labels: Sequence[str]
    is_minor: bool = False


@dataclass(frozen=True)
class Legend:
    """What the least and the fullest colour stand for."""

    low: str
    high: str
    unit: str


@dataclass(frozen=True, eq=False)
class Grid:
    """A table of buttons.

    Attributes:
        label: What a screen reader calls the table.
        dimensions: What rows and columns tell apart.
        axis: What stands above the columns and tells rows from columns.
        rows: From top to bottom.
        columns: From left to right.
        cells: Buttons by row and column; a cell may have none.
        right: Figures to the right of the rows.
        bottom: Figures beneath the columns.
        corner: Text and label in the lower right corner.
        legend: Of the colours.
        pictures: Drawn in cells. `uint8`, shape `(k, 28, 28)`.
        whole: What the button where the headers meet opens, e.g. `All mistakes`; with it the
            headers are buttons too.
    """

    label: str
    dimensions: tuple[str, str]
    axis: str
    rows: Sequence[Line]
    columns: Sequence[Line]
    cells: Sequence[Sequence[Sequence[Part]]]
    right: Sequence[Edge] = ()
    bottom: Sequence[Edge] = ()
    corner: tuple[str, str] = ("", "")
    legend: Legend | None = None
    pictures: np.ndarray = field(default_factory=lambda: np.empty((0, *SHAPE), np.uint8))
    whole: str = ""

    def as_data(self) -> dict[str, Any]:
        """What crosses to the browser, without the pictures."""
        return {
            "label": self.label,
            "dimensions": self.dimensions,
            "axis": self.axis,
            "rows": [vars(line) for line in self.rows],
            "columns": [vars(line) for line in self.columns],
            "cells": [[[vars(part) for part in cell] for cell in row] for row in self.cells],
            "right": [vars(edge) for edge in self.right],
            "bottom": [vars(edge) for edge in self.bottom],
            "corner": self.corner,
            "legend": self.legend and vars(self.legend),
            "whole": self.whole,
        }
