"""How the run on show and every other do on digits of one's own that have a label."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.drawing import words
from dashboard.drawing.figures.run_style import run_styles
from dashboard.visit import state
from dashboard.visit.view import RunAndEpoch
from dashboard.visit.visit import Visit
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.formatting import accuracy, decimals, hundredths, interval
from mnist_core.own.own_digits import OwnDigits

_HEIGHT = 430
_COLUMNS = (
    Column("Right", "Of the digits with a label.", True),
    Column("%", "Share of them.", True),
    Column("95 % interval", "Of that share, by Wilson."),
    Column("Mistakes", "True → predicted, the most frequent first."),
)


def score(digits: OwnDigits, outputs: np.ndarray, one: RunAndEpoch) -> Answers | None:
    """How a run does on the digits with a label; `None` where none has one.

    Args:
        digits: The digits.
        outputs: What the run answered to each. `float32`, shape `(n, n_classes)`.
        one: The run.
    """
    labelled = digits.labelled
    if not len(labelled):
        return None
    return evaluate(digits.labels[labelled], outputs[labelled], one.run.output)


def score_in_words(answers: Answers | None, n: int) -> str:
    """How many were read right, of how many that have a label, of all."""
    if answers is None:
        return f"{n:,} digits, none with a label yet: label them, and they are scored."
    right = int((answers.y_pred == answers.y_true).sum())
    told = f"{right:,} of {len(answers):,} with a label, " if len(answers) < n else f"{right:,} of "
    told += "" if len(answers) < n else f"{n:,}, "
    return told + accuracy(answers.accuracy, answers.accuracy_interval)


def scores_table(
    visit: Visit,
    digits: OwnDigits,
    asked: Sequence[RunAndEpoch],
    outputs: Mapping[str, np.ndarray],
    class_names: Sequence[str],
    *,
    key: str,
) -> None:
    """A row for each run; choosing one looks at that run.

    Args:
        visit: What is looked at.
        digits: The digits.
        asked: The runs.
        outputs: What each answered, by name; without those that could not be opened.
        class_names: Name of each class.
        key: One for each table on a page.
    """
    found = [
        (one, answers)
        for one in asked
        if one.run.name in outputs
        and (answers := score(digits, outputs[one.run.name], one)) is not None
    ]
    if not found:
        return
    found.sort(key=lambda pair: -pair[1].accuracy)
    places = decimals(answers.accuracy for _, answers in found)
    styles = run_styles(visit.runs)
    rows = [
        Row(one.run.name, _cells(answers, places, class_names), style=styles[one.run.name])
        for one, answers in found
    ]
    n = len(found[0][1])
    st.markdown(f"**What every run reads** · {words.run_count(len(found))}, {n:,} with a label")
    shown = [visit.shown.run.name] if visit.shown else []
    row_table(
        _COLUMNS,
        rows,
        names="Run",
        chosen=shown,
        on_choose=lambda name, _: state.choose(run=name, epoch=None),
        key=key,
        height=_HEIGHT,
    )


def _cells(answers: Answers, places: int, class_names: Sequence[str]) -> tuple[Cell, ...]:
    wrong = answers.y_pred != answers.y_true
    pairs = Counter(
        zip(answers.y_true[wrong].tolist(), answers.y_pred[wrong].tolist(), strict=True)
    )
    told = [
        f"{class_names[one]}→{class_names[other]}{f' ×{n}' if n > 1 else ''}"
        for (one, other), n in pairs.most_common(4)
    ]
    right = len(answers) - int(wrong.sum())
    return (
        Cell(f"{right:,}", right),
        Cell(hundredths(answers.accuracy, places), answers.accuracy),
        Cell(interval(answers.accuracy_interval, places).strip("()"), answers.accuracy),
        Cell(", ".join(told) + (" …" if len(pairs) > 4 else ""), -int(wrong.sum())),
    )
