"""The confusion matrix, and the mistake atlas: the same table with pictures in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np

from dashboard.drawing import words
from dashboard.drawing.grids.grid import Edge, Grid, Kind, Legend, Line, Part
from dashboard.drawing.matrix_cells import cell_texts, cell_values, is_share, shown_in
from dashboard.drawing.matrix_colours import cell_levels
from dashboard.visit.display import Display, Former
from mnist_core.answers.class_order import confusion_order
from mnist_core.answers.evaluation import Answers
from mnist_core.formatting import decimals, hundredths, percent
from mnist_core.image_size import SIDE

FEWEST = 10
"""Images below which a share is drawn grey: its interval is wider than most differences."""

_UNITS = {
    "counts": "images",
    "share": "of the true class",
    "predicted": "of the predicted class",
    "mistakes": "images",
    "pictures": "images",
}


Cells = Literal["counts", "share", "predicted", "mistakes", "pictures"]
"""What cells show: images, % of the true class, % of the predicted class, images off the diagonal,
or the most confident of these as a picture."""


@dataclass(frozen=True)
class CellColours(Display):
    """What the cells of a matrix say.

    Attributes:
        cells: What they show.
        colours: What their colours follow.
    """

    cells: Annotated[Cells, Former({"claims": "predicted"})] = "counts"
    colours: Literal["logarithmic", "linear"] = "logarithmic"


@dataclass(frozen=True)
class MatrixDisplay(CellColours):
    """How a matrix is drawn.

    Attributes:
        order: Whether classes stand by number or beside those that they are confused with.
        empty: Whether classes without any image are shown.
        rare: Whether, of more than `MOST_AT_ONCE` classes, the rarest are one line together.
    """

    order: Literal["number", "confusion"] = "number"
    empty: Literal["shown", "hidden"] = "shown"
    rare: Literal["shown", "grouped"] = "shown"


MOST_AT_ONCE = 20
"""Classes beyond which the rarest can be grouped."""

OTHER = -1
"""Stands for the grouped classes, where a line is told by its class."""


@dataclass(frozen=True, eq=False)
class Lines:
    """What a matrix counts: answers by its lines.

    Attributes:
        answers: With a line's place as class.
        names: Name of each line.
        ids: Class of each line, `OTHER` for those grouped. `int64`, shape `(k,)`.
        n_mistaken_within: Images of one of the grouped classes that were taken for another of them.
    """

    answers: Answers
    names: tuple[str, ...]
    ids: np.ndarray
    n_mistaken_within: int = 0

    @property
    def counts(self) -> np.ndarray:
        """Images by true line (rows) and predicted line (columns). `int64`, square."""
        return self.answers.confusion_matrix


def lines_of(answers: Answers, class_names: Sequence[str], display: MatrixDisplay) -> Lines:
    """The lines of a matrix: a class each, or the rarest of many in one.

    The rarest have the fewest images of their own; of equals, the later class is grouped.
    """
    n = answers.n_classes
    if display.rare == "shown" or n <= MOST_AT_ONCE:
        return Lines(answers, tuple(class_names), np.arange(n))
    kept = np.sort(np.argsort(-answers.support, kind="stable")[: MOST_AT_ONCE - 1])
    line = np.full(n, len(kept))
    line[kept] = np.arange(len(kept))
    by_line = Answers(
        line[answers.y_true].astype(np.uint8),
        line[answers.y_pred],
        answers.confidence,
        len(kept) + 1,
        answers.output,
    )
    names = (*(class_names[k] for k in kept), "other")
    within = (by_line.y_true == len(kept)) & (by_line.y_pred == len(kept))
    n_mistaken = int(np.sum(within & (answers.y_true != answers.y_pred)))
    return Lines(by_line, names, np.append(kept, OTHER), n_mistaken)


def shown_classes(answers: Answers, display: MatrixDisplay) -> np.ndarray:
    """The classes of rows and columns in their order. `int64`, shape `(k,)`."""
    matrix = answers.confusion_matrix
    order = confusion_order(matrix) if display.order == "confusion" else np.arange(len(matrix))
    if display.empty == "hidden":
        order = order[(matrix.sum(axis=0) + matrix.sum(axis=1))[order] > 0]
    return order


def film(
    over_epochs: Sequence[Answers], *, class_names: Sequence[str], display: MatrixDisplay
) -> list[Grid]:
    """The matrices of several epochs on one scale of colours."""
    most = fullest(over_epochs, display.cells)
    return [
        confusion_grid(answers, class_names=class_names, display=display, most=most)
        for answers in over_epochs
    ]


def fullest(several: Sequence[Answers], cells: str) -> float:
    """The largest value of several matrices, for one scale of colours; 0 where all are empty."""
    shown = shown_in(cells)
    return max(float(cell_values(each.confusion_matrix, shown).max()) for each in several)


def confusion_grid(
    answers: Answers,
    *,
    class_names: Sequence[str],
    display: MatrixDisplay,
    images: np.ndarray | None = None,
    most: float | None = None,
) -> Grid:
    """Lay out the confusion matrix, rows true and columns predicted.

    Args:
        answers: What is counted.
        class_names: Name of each class.
        display: How it is drawn.
        images: Of the split, for pictures in the cells. `uint8`, shape `(n, 28, 28)`.
        most: What the fullest colour stands for; the largest value of this matrix by default.
    """
    decimal_places = _places(answers)
    corner, lines = _accuracy(answers, decimal_places), lines_of(answers, class_names, display)
    answers, class_names = lines.answers, lines.names
    order = shown_classes(answers, display)
    matrix, shown = answers.confusion_matrix, shown_in(display.cells)
    texts, values = cell_texts(matrix, shown, decimal_places), cell_values(matrix, shown)
    if shown == "mistakes" and lines.n_mistaken_within:
        # Of the grouped classes, mistakes for each other lie on the diagonal.
        values[-1, -1], texts[-1][-1] = lines.n_mistaken_within, f"{lines.n_mistaken_within:,}"
    values = values[np.ix_(order, order)]
    most = float(values.max(initial=0)) if most is None else most
    level = cell_levels(values, shown, most=most, logarithmic=display.colours == "logarithmic")
    with_pictures = display.cells == "pictures" and images is not None
    pictures = _most_confident(answers, order) if with_pictures else {}
    places = {cell: place for place, cell in enumerate(pictures)}
    cells = [
        [
            [
                Part(
                    text=texts[t][p],
                    label=cell_label(answers, t, p, class_names),
                    hint=_with_share(answers, display.cells, t, p, class_names),
                    level=round(float(level[row, column]), 3),
                    kind=_kind(answers, display.cells, t, p) if lines.ids[t] != OTHER else "",
                    picture=places.get((t, p)),
                )
            ]
            for column, p in enumerate(order)
        ]
        for row, t in enumerate(order)
    ]
    return Grid(
        label="Confusion matrix: rows true, columns predicted",
        dimensions=("true", "predicted"),
        axis="Predicted class →   (rows: true class)",
        rows=[_line(lines, k, row_label) for k in order],
        columns=[_line(lines, k, column_label) for k in order],
        cells=cells,
        right=[
            _without_other(edge, lines.ids[order])
            for edge in _right(answers, order, decimal_places)[: 1 if pictures else None]
        ],
        bottom=[_without_other(_precision(answers, order, decimal_places), lines.ids[order])],
        corner=corner,
        legend=None if with_pictures else _legend(most, display),
        pictures=images[list(pictures.values())] if images is not None and pictures else _NOTHING,
        whole="All mistakes",
    )


_NOTHING = np.empty((0, SIDE, SIDE), np.uint8)


def _line(lines: Lines, k: int, label: Callable[[Answers, int, str], str]) -> Line:
    if lines.ids[k] == OTHER:
        images = words.images(int(lines.answers.support[k]))
        return Line(OTHER, lines.names[k], f"The rarest classes together: {images}. Show each")
    return Line(int(lines.ids[k]), lines.names[k], label(lines.answers, k, lines.names[k]))


def _without_other(edge: Edge, ids: np.ndarray) -> Edge:
    """Classes that are grouped have no recall in common: to mistake one for another is wrong."""
    texts = ["" if k == OTHER else text for k, text in zip(ids, edge.texts, strict=True)]
    labels = [
        "Of several classes" if k == OTHER else said
        for k, said in zip(ids, edge.labels, strict=True)
    ]
    return replace(edge, texts=texts, labels=labels)


def _kind(answers: Answers, cells: str, t: int, p: int) -> Kind:
    whole = {"share": answers.support[t], "predicted": answers.confusion_matrix[:, p].sum()}
    if whole.get(cells, FEWEST) < FEWEST:
        return "few"
    return "right" if t == p else ""


def _most_confident(answers: Answers, order: np.ndarray) -> dict[tuple[int, int], int]:
    """Position of the most confident mistake of every cell off the diagonal that has one."""
    found: dict[tuple[int, int], int] = {}
    for position in answers.find(None, None):
        found.setdefault(answers.cell_of(position), int(position))
    return {cell: place for cell, place in found.items() if cell[0] in order and cell[1] in order}


def cell_label(answers: Answers, t: int, p: int, class_names: Sequence[str]) -> str:
    """A cell's classes and count, e.g. `7 predicted as 2: 24 images`."""
    count = int(answers.confusion_matrix[t, p])
    return f"{class_names[t]} predicted as {class_names[p]}: {words.images(count)}"


def _with_share(answers: Answers, cells: str, t: int, p: int, class_names: Sequence[str]) -> str:
    matrix = answers.confusion_matrix
    whole, of = int(answers.support[t]), f"of all {class_names[t]}s"
    if cells == "predicted":
        whole, of = int(matrix[:, p].sum()), f"of all predicted as {class_names[p]}"
    share = f", {words.share_of(int(matrix[t, p]), whole)} {of}" if whole else ""
    return cell_label(answers, t, p, class_names) + share


def row_label(answers: Answers, label: int, name: str) -> str:
    """What there is to say of a true class, in a line."""
    matrix = answers.confusion_matrix
    right, support = int(matrix[label, label]), int(answers.support[label])
    if not support:
        return f"Class {name}: no image"
    return (
        f"Class {name}: {words.images(support)}, {support - right:,} missed. Recall "
        f"{words.share_of(right, support)}, F1 {percent(answers.f1[label])}"
    )


def column_label(answers: Answers, label: int, name: str) -> str:
    """What there is to say of a predicted class, in a line."""
    matrix = answers.confusion_matrix
    right, positive = int(matrix[label, label]), int(matrix[:, label].sum())
    if not positive:
        return f"Class {name}: never predicted"
    return (
        f"Class {name}: predicted for {words.images(positive)}, "
        f"{_false_positives(positive - right)}. "
        f"Precision {words.share_of(right, positive)}, F1 {percent(answers.f1[label])}"
    )


def _false_positives(count: int) -> str:
    return f"{count:,} false positive{'' if count == 1 else 's'}"


def _right(answers: Answers, order: np.ndarray, places: int) -> list[Edge]:
    right = answers.confusion_matrix.diagonal()
    recall = [hundredths(answers.recall[k], places) for k in order]
    sure = [
        f"Recall {words.share_of(int(right[k]), int(answers.support[k]), places)}"
        if answers.support[k]
        else "No image"
        for k in order
    ]
    f1 = [hundredths(answers.f1[k], places) for k in order]
    support = [f"{answers.support[k]:,}" for k in order]
    return [
        Edge("Rec.", recall, sure),
        Edge("F1", f1, [f"F1 {percent(answers.f1[k], places)}" for k in order], is_minor=True),
        Edge("Images", support, [f"Support {n}" for n in support], is_minor=True),
    ]


def _places(answers: Answers) -> int:
    """Decimals of all shares of the table; those of its cells are never nearer to 100 %."""
    return decimals([*answers.recall, *answers.precision, *answers.f1, answers.accuracy])


def _precision(answers: Answers, order: np.ndarray, places: int) -> Edge:
    matrix = answers.confusion_matrix
    right, positive = matrix.diagonal(), matrix.sum(axis=0)
    return Edge(
        "Prec.",
        [hundredths(answers.precision[k], places) for k in order],
        [
            f"Precision {words.share_of(int(right[k]), int(positive[k]), places)}"
            if positive[k]
            else "Never predicted"
            for k in order
        ],
    )


def _accuracy(answers: Answers, places: int) -> tuple[str, str]:
    right = int(answers.confusion_matrix.trace())
    said = words.share_of(right, len(answers), places)
    return percent(answers.accuracy, places), f"Accuracy {said}"


def _legend(most: float, display: CellColours) -> Legend:
    unit = _UNITS[display.cells]
    return Legend(
        "0",
        percent(most) if is_share(shown_in(display.cells)) else f"{most:,.0f}",
        f"{unit}, {display.colours}",
    )
