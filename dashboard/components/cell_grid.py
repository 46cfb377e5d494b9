"""The confusion matrix as a table of buttons, with recall, precision and accuracy at its edges."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from dashboard import words
from mnist_core.evaluation import Answers

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mnist_lens.cell_grid",
    css=(_HERE / "cell_grid.css").read_text(),
    js=(_HERE / "cell_grid.js").read_text(),
)


def cell_grid(
    answers: Answers,
    *,
    class_names: tuple[str, ...],
    display: str,
    chosen: tuple[int, int] | None,
    on_choose: Callable[[int, int], None],
) -> None:
    """Show the matrix, rows true and columns predicted; colours are logarithmic in the counts.

    Args:
        answers: What to show.
        class_names: Of rows and columns.
        display: `counts`, `share` (% of the true class) or `mistakes` (counts off the diagonal).
        chosen: The chosen cell as (true, predicted).
        on_choose: Called with true and predicted when a cell is chosen.
    """
    key = "cell-grid"

    def chosen_now() -> None:
        true, predicted = st.session_state[key]["cell"]
        on_choose(int(true), int(predicted))

    _mount(key=key, data=_as_data(answers, class_names, display, chosen), on_cell_change=chosen_now)


def _as_data(
    answers: Answers,
    class_names: tuple[str, ...],
    display: str,
    chosen: tuple[int, int] | None,
) -> dict[str, Any]:
    matrix = answers.confusion_matrix
    coloured = matrix.copy()
    if display == "mistakes":
        np.fill_diagonal(coloured, 0)
    level = np.log1p(coloured) / max(np.log1p(coloured.max()), 1e-9)
    return {
        "names": list(class_names),
        "texts": _texts(answers, display),
        "levels": np.round(level, 3).tolist(),
        "labels": [
            [
                f"{true} predicted as {predicted}: {words.images(int(matrix[t, p]))}"
                for p, predicted in enumerate(class_names)
            ]
            for t, true in enumerate(class_names)
        ],
        "recall": [words.percent(share) for share in answers.recall],
        "precision": [words.percent(share) for share in answers.precision],
        "accuracy": words.percent(answers.accuracy),
        "most": f"{coloured.max():,}",
        "chosen": chosen,
    }


def _texts(answers: Answers, display: str) -> list[list[str]]:
    matrix = answers.confusion_matrix
    if display == "share":
        shares = matrix / np.maximum(answers.support, 1)[:, None]
        return [[_short_percent(share) for share in row] for row in shares]
    return [
        [
            "" if count == 0 or (display == "mistakes" and t == p) else f"{count:,}"
            for p, count in enumerate(row)
        ]
        for t, row in enumerate(matrix)
    ]


def _short_percent(share: float) -> str:
    return "" if share == 0 else f"{100 * share:.1f}"
