"""Which runs are looked at all at once."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.shared.runs_at_once import chosen_runs
from dashboard.components.shared.selection_widgets import mirror
from dashboard.drawing.words import plain, run_count
from dashboard.visit import state
from dashboard.visit.selection import EVERY_RUN
from dashboard.visit.view import View
from mnist_core.runs import Run

_BEST = (3, 5, 12)
_ALL = "All"
_MOST_REASONS = 5

_MOST_NAMED = 50
"""Runs that can be chosen by their names, all of which stand in the address."""


def run_choice(view: View) -> None:
    """A button that opens the choice; what is chosen goes into the selection."""
    usable = view.usable_runs
    shown = [one.run.name for one in chosen_runs(usable, view.split, view.selection)]
    with st.popover("Runs", icon=":material/checklist:"):
        _best([run.name for run in usable], shown)
        named = shown if len(shown) <= _MOST_NAMED else []
        st.multiselect(
            "Runs to look at",
            [run.name for run in usable],
            max_selections=_MOST_NAMED,
            placeholder=f"Up to {_MOST_NAMED} by name",
            **mirror("chosen-runs", named, lambda names: _choose(names, usable)),
        )


def left_out(view: View, against: Mapping[str, str], n_shown: int) -> None:
    """Say that runs are not on show, and why."""
    n_usable = len(view.usable_runs)
    if view.selection.runs is None and n_shown + len(against) < n_usable:
        st.caption(
            f"These are the {n_shown:,} best on validation of {run_count(n_usable)}; choose others "
            "under “Runs”."
        )
    for name, reason in list(against.items())[:_MOST_REASONS]:
        st.caption(plain(f"Without {name}: {reason}"))
    if len(against) > _MOST_REASONS:
        st.caption(f"Without {run_count(len(against) - _MOST_REASONS)} more that cannot be read.")


def _best(names: Sequence[str], shown: Sequence[str]) -> None:
    options = {f"Best {n}": list(names[:n]) for n in _BEST if n < len(names)}
    options |= {_ALL: list(names)}
    same = [label for label, chosen in options.items() if set(chosen) == set(shown)]

    def choose(label: str | None) -> None:
        if label is not None:
            state.choose(runs=EVERY_RUN if label == _ALL else ",".join(options[label]), image=None)

    st.segmented_control(
        "The best on validation",
        list(options),
        required=bool(same),
        **mirror("best-runs", same[0] if same else None, choose),
    )


def _choose(names: Sequence[str], usable: Sequence[Run]) -> None:
    """In the order of the best, so that one choice has one address; of none, the usual ones."""
    chosen = [run.name for run in usable if run.name in names]
    state.choose(runs=",".join(chosen) or None)
