"""Which learning curves are drawn, and how."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict

import streamlit as st

from dashboard.components.shared.selection_widgets import mirror, selection_choice, selection_slider
from dashboard.visit import state
from dashboard.visit.selection import Selection
from mnist_core.runs import Run

OTHERS = 2
"""How many runs are drawn at first beside the one that is looked at."""

_BEST = (3, 5)
_LINES = {"both": "Train and validation", "train": "Train", "validation": "Validation"}
_SCALES = {"logarithmic": "Logarithmic", "linear": "Linear"}
_ALONG = {"epochs": "Epochs", "minutes": "Minutes of training"}


def shown_runs(runs: Sequence[Run], selection: Selection) -> list[Run]:
    """The runs chosen for the chart; at first the one looked at and the two best others.

    Args:
        runs: All there are to choose from, the best on validation first.
        selection: What is looked at.
    """
    if selection.curves is None:
        others = [run.name for run in runs if run.name != selection.run]
        first = {selection.run, *others[:OTHERS]}
    else:
        first = set(selection.curves.split(","))
    return [run for run in runs if run.name in first]


def curve_controls(runs: Sequence[Run], shown: Sequence[Run], *, are_chosen: bool) -> None:
    """Show the choices in a row; what is taken goes into the selection.

    Args:
        runs: All there are to choose from, the best on validation first.
        shown: Those on the chart, which the CSV file holds.
        are_chosen: Whether the visitor chose these.
    """
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="curve-controls"
    ):
        _best(runs, shown if are_chosen else [])
        selection_choice("lines", "Lines", _LINES, hide_label=True)
        with st.popover("Axes", icon=":material/tune:"):
            selection_choice("scale", "Losses and errors", _SCALES)
            selection_choice("along", "Along", _ALONG)
            selection_slider(
                "smoothing",
                "Smoothing",
                explained="Weight of the epochs before, in tenths. The raw line stays, faint.",
            )
        st.download_button(
            "CSV",
            history_csv(shown),
            file_name="learning-curves.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def history_csv(runs: Sequence[Run]) -> str:
    """The histories of runs, one line per run and epoch, as CSV."""
    lines = [{"run": run.name, **asdict(record)} for run in runs for record in run.history]
    text = io.StringIO()
    if lines:
        writer = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return text.getvalue()


def _best(runs: Sequence[Run], chosen_runs: Sequence[Run]) -> None:
    names = [run.name for run in runs]
    options = {f"Best {n}": names[:n] for n in _BEST if n < len(names)} | {"All": names}
    # What is shown at first was not chosen: it changes with the run that is looked at.
    on_show = {run.name for run in chosen_runs}
    same = [label for label, chosen in options.items() if set(chosen) == on_show]

    def choose(best: str | None) -> None:
        if best is not None:
            state.choose(curves=",".join(options[best]), alone=None)

    st.segmented_control(
        "Runs",
        list(options),
        label_visibility="collapsed",
        required=bool(same),
        **mirror("curves-best", same[0] if same else None, choose),
    )
