"""What every run says of one image, a row each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.components.shared.runs_at_once import RunsAtOnce, runs_at_once
from dashboard.components.shared.selection_widgets import selection_toggle
from dashboard.drawing import words
from dashboard.drawing.figures.run_style import RunStyle, run_styles
from dashboard.visit import state
from dashboard.visit.view import RunAndEpoch, View
from mnist_core.formatting import decimals

SWITCH = "What every run says"
_HEIGHT = 430

_COLUMNS = (
    Column("Reads", "Predicted class."),
    Column("Confidence", "Probability of that class, or the score of a run without.", True),
)
_EPOCH = Column("Epoch", "Its best on validation, or the last that was kept.", True)


@dataclass(frozen=True)
class Reading:
    """What one run says of one image.

    Attributes:
        one: The run and its epoch.
        label: The class that it predicts.
        confidence: How surely: a probability, 0–1, or a score.
        is_rounded: Whether that was recorded to three figures.
    """

    one: RunAndEpoch
    label: int
    confidence: float
    is_rounded: bool = False


def every_run_on_demand(view: View, index: int) -> None:
    """A switch, and what it shows of the image at a position in the split."""
    if selection_toggle("every_run", SWITCH):
        found = runs_at_once(view)
        if found is not None:
            every_run(view, found, index)


def every_run(view: View, found: RunsAtOnce, index: int) -> None:
    """Show what was answered to an image; choosing a row looks at that run.

    Args:
        view: What the page shows.
        found: The answers of the runs.
        index: Position of the image in its split.
    """
    true, names = int(view.split.labels[index]), found.class_names(view)
    readings = [
        Reading(one, int(brief.predicted[index]), float(brief.confidence[index]), brief.is_rounded)
        for one, brief in zip(found.shown, found.answers, strict=True)
    ]
    n_right = sum(reading.label == true for reading in readings)
    st.markdown(f"**What every run says** · {n_right:,} of {words.run_count(len(readings))} right")
    readings_table(readings, run_styles(view.runs), names, true=true, chosen=view.run.name)


def readings_table(
    readings: Sequence[Reading],
    styles: Mapping[str, RunStyle],
    class_names: Sequence[str],
    *,
    true: int | None,
    chosen: str | None,
) -> None:
    """Show a row for each run; choosing one looks at that run.

    Args:
        readings: What the runs say.
        styles: Of the runs, by name.
        class_names: Name of each class.
        true: The image's class, where it is known.
        chosen: Name of the run that is looked at.
    """

    shares = [r.confidence for r in readings if r.one.run.output == "probabilities"]
    places = decimals(shares)

    def cells(reading: Reading) -> tuple[Cell, ...]:
        verdict = "" if true is None else " ✓" if reading.label == true else " ✗"
        return (
            Cell(f"{class_names[reading.label]}{verdict}", reading.label),
            Cell(_sure(reading, places), reading.confidence),
            Cell(f"{reading.one.epoch}", reading.one.epoch),
        )

    row_table(
        [*_COLUMNS, _EPOCH],
        [Row(r.one.run.name, cells(r), style=styles[r.one.run.name]) for r in readings],
        names="Run",
        chosen=[chosen] if chosen else [],
        on_choose=lambda name, _: state.choose(run=name, epoch=None),
        key="every-run",
        height=_HEIGHT,
    )


def _sure(reading: Reading, places: int) -> str:
    output = reading.one.run.output
    return words.sure(reading.confidence, output, places, is_rounded=reading.is_rounded)
