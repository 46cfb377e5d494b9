"""What changed from one checkpoint to another, as one of three kinds of tables of buttons."""

from typing import Literal, cast

import numpy as np
import streamlit as st

from dashboard.components.comparison.display import ComparisonDisplay
from dashboard.components.shared.cell_grid import cell_grid
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing.grids.changes import CHANGES, changes_grid, predictions_grid
from dashboard.drawing.grids.confusion import MatrixDisplay, confusion_grid, fullest
from dashboard.drawing.words import images, images_of, only_cause
from dashboard.visit import state
from dashboard.visit.view import Cell, View
from mnist_core.answers.comparison import Comparison, Part
from mnist_core.datasets import class_names
from mnist_core.runs.choosing import epochs_to_see

_TEXTS = {
    "changes": "Repaired and broken",
    "matrices": "Side by side",
    "predictions": "Prediction against prediction",
}


def comparing_choice() -> None:
    """Which of the three is shown."""
    selection_choice("comparing", "Show", _TEXTS, hide_label=True)


def nothing_to_compare(view: View) -> None:
    """Nothing is chosen to compare with: say how, and offer what suggests itself."""
    st.info("Choose in the sidebar what to compare with, or one of these:")
    first = epochs_to_see(view.run, view.split)[0]
    others = [run for run in view.usable_runs if run.name != view.run.name]
    with st.container(horizontal=True, gap="xsmall"):
        if first != view.epoch:
            _offer(f"Epoch {first} of {view.run.name}", view.run.name, first)
        if others:
            _offer(f"The best epoch of {others[0].name}", others[0].name, None)


def _offer(label: str, run: str, epoch: int | None) -> None:
    st.button(label, on_click=lambda: state.choose(baseline=run, baseline_epoch=epoch))


def change_table(view: View, comparison: Comparison, display: ComparisonDisplay) -> None:
    """Every cell of mistakes in three parts, each of which opens its images."""
    names = class_names(view.outline, comparison.n_classes)
    cell_grid(
        changes_grid(comparison, class_names=names),
        chosen=(*_mistaken(view), display.part if display.part in CHANGES else ""),
        on_choose=lambda true, predicted, part: state.choose(
            true=true, predicted=predicted, part=part or "any", image=None
        ),
        key="changes-grid",
    )
    st.caption("✓ repaired · ✗ broken · = still wrong")


def predictions_table(view: View, comparison: Comparison, display: ComparisonDisplay) -> None:
    """Prediction against prediction."""
    cell_grid(
        predictions_grid(comparison, class_names=class_names(view.outline, comparison.n_classes)),
        chosen=(view.selection.before, view.selection.after, ""),
        on_choose=lambda before, after, _: state.choose(before=before, after=after, image=None),
        key="predictions-grid",
    )


def side_table(
    view: View, comparison: Comparison, display: ComparisonDisplay, side: Literal["before", "after"]
) -> None:
    """The matrix of one side: both by number and on one scale of colours."""
    answers = comparison.before if side == "before" else comparison.after
    grid = confusion_grid(
        answers,
        class_names=class_names(view.outline, answers.n_classes),
        display=MatrixDisplay(cells=display.cells, colours=display.colours),
        images=view.counted_images,
        most=fullest((comparison.before, comparison.after), display.cells),
    )
    chosen = view.selection.true, view.selection.predicted, ""
    cell_grid(
        grid,
        chosen=chosen if _side(display) == side else None,
        on_choose=lambda true, predicted, _: state.choose(
            true=true, predicted=predicted, part=side, image=None
        ),
        key=f"grid-{side}",
    )


def found_images(
    view: View, comparison: Comparison, display: ComparisonDisplay
) -> tuple[str, np.ndarray]:
    """What is chosen in the table on show: a heading and the positions of its images."""
    names, selection = class_names(view.outline, comparison.n_classes), view.selection
    if display.comparing == "predictions":
        cell = selection.before, selection.after
        positions = comparison.find_predictions(*cell)
        positions = view.listed(positions)
        return _predicted_heading(len(positions), cell, names) + only_cause(view), positions
    if display.comparing == "matrices":
        cell = selection.true, selection.predicted
        answers = comparison.before if _side(display) == "before" else comparison.after
        positions = view.listed(answers.find(*cell))
        heading = images_of(len(positions), cell, names)
        return f"{_side(display).capitalize()} · {heading}{only_cause(view)}", positions
    cell = _mistaken(view)
    parts = [display.part] if display.part in CHANGES else list(CHANGES)
    found = [comparison.find(cast(Part, part), *cell) for part in parts]
    positions = view.listed(np.concatenate(found))
    what = CHANGES[cast(Part, parts[0])] if len(parts) == 1 else "changed or still wrong"
    return f"{_where(cell, names)}{images(len(positions))}, {what}{only_cause(view)}", positions


def change_counts(view: View, comparison: Comparison, display: ComparisonDisplay) -> None:
    """How many images were repaired, broken or stayed wrong, each a button that lists them."""
    is_whole = display.comparing == "changes" and _mistaken(view) == (None, None)
    with st.container(horizontal=True, gap="xsmall", key="change-counts"):
        for part, word in CHANGES.items():
            count = len(comparison.find(part, None, None))
            st.button(
                f"{word.capitalize()} {count:,}",
                key=f"all-{part}",
                type="primary" if is_whole and display.part == part else "secondary",
                on_click=lambda part=part: state.choose(
                    comparing="changes", part=part, true=None, predicted=None, image=None
                ),
            )


def change_badge(view: View, comparison: Comparison, position: int) -> str:
    """Predicted before and after, e.g. `2, then 7`; an arrow would mean true → predicted."""
    names = class_names(view.outline, comparison.n_classes)
    before, after = (
        names[answers.y_pred[position]] for answers in (comparison.before, comparison.after)
    )
    return f"still {before}" if before == after else f"{before}, then {after}"


def view_of_side(view: View, display: ComparisonDisplay) -> View:
    """The view whose answers the images are listed with: the baseline's own in its matrix."""
    if view.baseline is None or display.comparing != "matrices" or _side(display) != "before":
        return view
    return view.of(view.baseline)


def _where(cell: Cell, names: tuple[str, ...]) -> str:
    true, predicted = (None if label is None else names[label] for label in cell)
    if true is None and predicted is None:
        return ""
    if predicted is None:
        return f"Class {true}: "
    if true is None:
        return f"Predicted {predicted}: "
    return f"True {true} → predicted {predicted}: "


def _mistaken(view: View) -> Cell:
    """The chosen cell; of one on the diagonal, where nothing is mistaken, the whole row."""
    true, predicted = view.selection.true, view.selection.predicted
    return true, None if predicted == true else predicted


def _side(display: ComparisonDisplay) -> Literal["before", "after"]:
    return "before" if display.part == "before" else "after"


def _predicted_heading(count: int, cell: Cell, names: tuple) -> str:
    before, after = (None if label is None else names[label] for label in cell)
    if before is None and after is None:
        return f"{images(count)} predicted differently"
    if after is None:
        return f"{images(count)} predicted as {before} before, as another class after"
    if before is None:
        return f"{images(count)} predicted as {after} after, as another class before"
    return f"{images(count)} predicted as {before} before and {after} after"
