"""The images that all runs, one alone, or two of them read wrong."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.components.runs.display import RunsDisplay
from dashboard.components.shared.cell_grid import cell_grid
from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.runs_at_once import RunsAtOnce
from dashboard.components.shared.selection_widgets import mirror
from dashboard.drawing import words
from dashboard.drawing.grids.shared_errors import MOST_RUNS, shared_errors_grid
from dashboard.visit import state
from dashboard.visit.view import Baseline, View


@dataclass(frozen=True, eq=False)
class Errors:
    """The errors that are chosen.

    Attributes:
        run: Place of the run whose errors they are; `None` for the errors of all.
        other: Place of the run that makes them too; `None` for errors of one alone.
        heading: What they are called.
        places: Of the images among those that count. `int64`.
    """

    run: int | None
    other: int | None
    heading: str
    places: np.ndarray


def all_wrong(found: RunsAtOnce, chosen: Errors) -> None:
    """The images that all runs read wrong, as a choice that lists them."""
    label = f"Wrong in all: {words.images(len(found.counted.wrong_in_all()))}"
    st.segmented_control(
        "Errors listed",
        [label],
        label_visibility="collapsed",
        required=chosen.run is None,
        **mirror(
            "wrong-in-all",
            label if chosen.run is None else None,
            lambda _: state.choose(erring=None, erring_too=None, image=None),
        ),
    )


def errors_table(found: RunsAtOnce, chosen: Errors) -> None:
    """Run against run; a cell lists what both read wrong, a header what one alone does."""

    def choose(run: int | None, other: int | None, _: str) -> None:
        one, too = (run, other) if run is not None else (other, None)
        names = [None if place is None else found.names[place] for place in (one, too)]
        state.choose(erring=names[0], erring_too=names[1], image=None)

    if len(found.shown) > MOST_RUNS:
        st.caption(
            f"The {MOST_RUNS} most accurate of {words.run_count(len(found.shown))}: a larger table "
            "would leave no room for its numbers. “Alone” is alone among all of them."
        )
    cell_grid(
        shared_errors_grid(found.counted, found.names),
        chosen=(chosen.run, chosen.other, ""),
        on_choose=choose,
        key="shared-errors",
    )


def chosen_errors(view: View, found: RunsAtOnce) -> Errors:
    """What the selection asks for; the errors of all where it names no run on show."""
    runs, names = found.counted, found.names
    run, other = (found.place(n) for n in (view.selection.erring, view.selection.erring_too))
    if run is None:
        return Errors(None, None, *_of_all(found))
    if other is None:
        return Errors(run, None, f"Wrong in {names[run]} alone", runs.wrong_alone(run))
    both = runs.both_wrong(run, other)
    if run == other:
        return Errors(run, run, f"All errors of {names[run]}", both)
    return Errors(run, other, f"Wrong in {names[run]} and {names[other]}", both)


def _of_all(found: RunsAtOnce) -> tuple[str, np.ndarray]:
    """The images that all read wrong; where there are none, those that the most do."""
    of = words.run_count(len(found.shown))
    places = found.counted.wrong_in_all()
    if len(places):
        return f"Wrong in all {of}" if len(found.shown) > 1 else "Wrong", places
    places = found.counted.wrong_in_most()
    if not len(places):
        return f"Wrong in any of {of}", places
    return f"None is wrong in all; wrong in {found.counted.n_wrong.max():,} of {of}", places


def erring_images(view: View, found: RunsAtOnce, errors: Errors, display: RunsDisplay) -> None:
    """A heading and the sheet; the most confident first, of the run whose errors they are."""
    shown, brief = found.shown[errors.run or 0], found.answers[errors.run or 0]
    answers = brief.in_full(view.split.labels)
    positions = view.listed(found.positions[errors.places])
    count = words.images(len(positions))
    st.subheader(f"{words.plain(errors.heading)}: {count}{words.only_cause(view)}")
    if not len(positions):
        st.caption(_nothing(found, errors))
        return
    names = found.class_names(view)

    def caption(position: int) -> str:
        return f"#{position}: {words.readings(found.counted, _place(found, position), names)}"

    image_list(
        view.of(Baseline(shown.run, shown.epoch, answers)),
        [Group("", answers.ordered(positions, by="confidence"))],
        display,
        key="runs-sheet",
        height=300,
        keeps_order=True,
        badge=lambda position: _badge(found, errors, position, names),
        caption=caption,
    )


def _nothing(found: RunsAtOnce, errors: Errors) -> str:
    if errors.run is None or errors.other is not None:
        return "Choose a run or a number to see its images."
    n_errors = int(found.counted.errors[errors.run])
    return f"Each of its {n_errors:,} errors is one of another run, too."


def _badge(found: RunsAtOnce, errors: Errors, position: int, names: tuple[str, ...]) -> str:
    """True class → what the runs predicted: both of two, else the most frequent mistake."""
    runs, place = found.counted, _place(found, position)
    true = int(runs.y_true[place])
    if errors.run is None:
        predicted = [next(label for label, _ in runs.said(place) if label != true)]
    else:
        asked = [run for run in (errors.run, errors.other) if run is not None]
        predicted = list(dict.fromkeys(int(runs.predicted[run, place]) for run in asked))
    return f"{names[true]}→{', '.join(names[label] for label in predicted)}"


def _place(found: RunsAtOnce, position: int) -> int:
    """Where an image that counts stands among those that do."""
    return int(np.searchsorted(found.positions, position))
