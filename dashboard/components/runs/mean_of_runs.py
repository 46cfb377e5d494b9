"""What several runs would answer together, by the mean of their probabilities."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.runs_at_once import RunsAtOnce
from dashboard.drawing import words
from dashboard.loading.long_work import mean_job
from dashboard.visit.view import View
from mnist_core.answers.comparison import Comparison

MOST_RUNS = 20
"""Runs that take part at most, the most accurate: each has to answer to every image first."""

MOST_NAMED = 6
"""Runs that are named as not taking part."""


def mean_of_runs(view: View, found: RunsAtOnce) -> None:
    """Say how much it reads right, and how it differs from the best of these runs."""
    able = [
        place
        for place, one in enumerate(found.shown)
        if one.run.output == "probabilities" and one.run.has_checkpoint(one.epoch)
    ]
    chosen, names = able[:MOST_RUNS], found.names
    if len(chosen) < 2:
        st.info("The mean needs two runs with probabilities whose best model was kept.")
        return
    checkpoints = [found.shown[place].run.checkpoint(found.shown[place].epoch) for place in chosen]
    brief = long_work(*mean_job(checkpoints, view.split))
    if brief is None:
        return
    labels = view.split.labels
    best, mean = (
        one.in_full(labels).without(view.left_out) for one in (found.answers[chosen[0]], brief)
    )
    comparison, tested = Comparison(best, mean), found.is_tested
    said = words.mean(comparison, names[chosen[0]], len(chosen), is_tested=tested)
    st.markdown(words.plain(f"{said} {_held_out(view, found)}"))
    _without(able, names)


def _held_out(view: View, found: RunsAtOnce) -> str:
    """What the choice of these runs rests on."""
    if any(one.run.is_maximum(one.epoch, view.split) for one in found.shown):
        return (
            f"Epochs and runs were chosen on {view.split.name}, so this is no held-out result; "
            "judge it on test."
        )
    if view.selection.runs is None:
        return (
            "The runs were chosen on validation; the best of them is found on the images on show, "
            "which favours it."
        )
    return (
        f"Runs that are chosen by what is seen on {view.split.name} give no held-out result: "
        f"choose them on validation."
    )


def _without(able: Sequence[int], names: Sequence[str]) -> None:
    """Say which runs do not take part, and why."""
    unable = [name for place, name in enumerate(names) if place not in able]
    if unable:
        listed = ", ".join(unable[:MOST_NAMED])
        more = f" and {len(unable) - MOST_NAMED:,} more" if len(unable) > MOST_NAMED else ""
        why = "no probabilities, or no model of that epoch"
        st.caption(words.plain(f"Without {listed}{more}: {why}."))
    if len(able) > MOST_RUNS:
        st.caption(
            f"Of the {len(able):,} runs that could take part, the {MOST_RUNS} most accurate do."
        )
