"""The few shapes that the report is made of; they take text and give HTML."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from dashboard.drawing.sprite import COLUMNS, sprite_png


@dataclass(frozen=True, eq=False)
class Ink:
    """Images in one picture for the whole report, each drawn where it is needed.

    Attributes:
        images: All images of the split, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
        indices: Positions of those that are drawn, each once, ascending. `int64`, shape `(k,)`.
    """

    images: np.ndarray
    indices: np.ndarray

    @property
    def style(self) -> str:
        """The rule that gives every `.digit` the picture; empty where none is drawn."""
        if not len(self.indices):
            return ""
        picture = sprite_png(self.images[self.indices])
        columns = min(COLUMNS, len(self.indices))
        url = f"url(data:image/png;base64,{picture})"
        return f".digit {{ --columns: {columns}; -webkit-mask-image: {url}; mask-image: {url}; }}"

    def digit(self, index: int, caption: str, *, kind: str = "small") -> str:
        """One image, `small` or `large`, described to those who hover and those who listen."""
        row, column = divmod(int(np.searchsorted(self.indices, index)), COLUMNS)
        said = escape(caption)
        return (
            f'<i class="digit {kind}" role="img" aria-label="{said}" title="{said}" '
            f'style="--x:{column};--y:{row}"></i>'
        )


def section(title: str, *parts: str) -> str:
    """A part of the report under its heading; `parts` are HTML."""
    return f"<section>\n<h2>{escape(title)}</h2>\n{''.join(parts)}\n</section>"


def paragraph(text: str, *, kind: str = "said") -> str:
    """A paragraph, a quiet one where `kind` is `note`."""
    return f'<p class="{kind}">{escape(text)}</p>\n'


def chart(figure: go.Figure, name: str, description: str) -> str:
    """A chart that the report's script draws, with buttons to save it.

    Args:
        figure: What to draw.
        name: One for each chart; the file's name on saving.
        description: What stands beneath it and is said to those who cannot see it.
    """
    said, height = escape(description), figure.layout.height
    buttons = "".join(
        f'<button type="button" data-save="{kind}" aria-label="Save {name} as {kind.upper()}">'
        f"{kind.upper()}</button>"
        for kind in ("svg", "png")
    )
    return (
        f'<figure><div class="chart" id="{name}" role="img" aria-label="{said}" '
        f'style="height:{height}px"></div>'
        f"<figcaption><span>{said}</span>{buttons}</figcaption>"
        f'<script type="application/json" data-chart="{name}">{_json(figure)}</script></figure>\n'
    )


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    foot: Sequence[str] = (),
) -> str:
    """A table whose first column names the rows; head is text, cells are HTML."""
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    body = "".join(_row(row) for row in rows)
    end = f"<tfoot>{_row(foot)}</tfoot>" if foot else ""
    return (
        f'<div class="scrolls"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody>{end}</table></div>\n"
    )


def sheet(pictures: Iterable[str], badges: Iterable[str]) -> str:
    """Images side by side, each over the few characters that belong to it; pictures are HTML."""
    entries = (
        f"<li>{picture}{f'<b>{escape(badge)}</b>' if badge else ''}</li>"
        for picture, badge in zip(pictures, badges, strict=True)
    )
    return f'<ul class="sheet">{"".join(entries)}</ul>\n'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names with what they stand for, which is HTML."""
    pairs = (f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows)
    return f"<dl>{''.join(pairs)}</dl>"


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'


def _json(figure: go.Figure) -> str:
    """A figure so that no text in it can end the script that it stands in."""
    # Streamlit keeps an axis's title clear of its numbers; Plotly alone needs the distance.
    spaced = go.Figure(figure).update_xaxes(title_standoff=8).update_yaxes(title_standoff=8)
    compact = json.dumps(json.loads(spaced.to_json()), separators=(",", ":"))
    return compact.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
