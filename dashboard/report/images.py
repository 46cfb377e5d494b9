"""Which images the report draws."""

import numpy as np

from dashboard.drawing import words
from dashboard.report.markup import Ink, sheet
from dashboard.visit.view import Cell, View

PAIRS = 10
"""Pairs of classes listed as most confused."""

AT_MOST = 200
"""Images of one sheet at most."""

_EXAMPLES, _LOSSES = 6, 40


def ink(view: View) -> Ink:
    """All images that the sections draw."""
    pairs = view.counted.most_confused(PAIRS)
    compared = view.comparison
    shown = [
        of_shown_cell(view)[:AT_MOST],
        highest_losses(view),
        *(examples(view, pair.true, pair.predicted) for pair in pairs),
        *(
            []
            if compared is None
            else [view.listed(part)[:AT_MOST] for part in (compared.broken, compared.repaired)]
        ),
        *([] if view.image is None else [np.array([view.image])]),
    ]
    return Ink(view.split.images, np.unique(np.concatenate(shown)).astype(np.int64))


def chosen_cell(view: View) -> Cell | None:
    """The chosen cell, else that of the opened image; `None` where nothing is chosen."""
    return None if view.shown_cell == (None, None) else view.shown_cell


def shown_cell(view: View) -> Cell | None:
    """The chosen cell, else the most confused one; `None` without a mistake."""
    most = view.counted.most_confused(1)
    return chosen_cell(view) or ((most[0].true, most[0].predicted) if most else None)


def of_shown_cell(view: View) -> np.ndarray:
    """Positions of its images, the most confident first. `int64`."""
    cell = shown_cell(view)
    return np.empty(0, np.int64) if cell is None else view.listed(view.answers.find(*cell))


def examples(view: View, true: int, predicted: int) -> np.ndarray:
    """Positions of the few most confident images of a cell. `int64`."""
    return view.listed(view.answers.find(true, predicted))[:_EXAMPLES]


def highest_losses(view: View) -> np.ndarray:
    """Positions of the images with the highest losses; none where no model was kept. `int64`."""
    if not view.has_model:
        return np.empty(0, np.int64)
    return view.listed(view.answers.top_losses(len(view.split)))[:_LOSSES]


def image_sheet(view: View, indices: np.ndarray, ink: Ink) -> str:
    """The first `AT_MOST` of these images over what they were mistaken for, as HTML."""
    answers, names = view.answers, view.class_names
    shown = [int(index) for index in indices[:AT_MOST]]
    cells = [answers.cell_of(index) for index in shown]
    return sheet(
        [ink.digit(index, words.image_caption(answers, index, names)) for index in shown],
        [f"{names[t]}→{names[p]}" if t != p else "" for t, p in cells],
    )
