"""What every run reads in what lies on the sheet."""

import numpy as np
import streamlit as st

from dashboard.components.shared.every_run import SWITCH, Reading, readings_table
from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.runs_at_once import chosen_runs
from dashboard.components.shared.selection_widgets import selection_toggle
from dashboard.drawing import words
from dashboard.drawing.figures.run_style import run_styles
from dashboard.loading.long_work import reading_job
from dashboard.visit.visit import Visit
from mnist_core.datasets import class_names

MOST_ASKED = 20
"""Runs at most, the best on validation: each opens its model."""


def every_reading(visit: Visit, image: np.ndarray, *, true: int | None = None) -> None:
    """A switch, and what it shows; until it is on, no run but the one on show is asked.

    Args:
        visit: What the visit is about.
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        true: Its class, where it is known.
    """
    if not selection_toggle("every_run", SWITCH):
        return
    chosen = chosen_runs(visit.usable_runs, visit.split, visit.selection)
    able = [one for one in chosen if one.run.has_checkpoint(one.epoch)]
    asked = able[:MOST_ASKED]
    outputs = long_work(*reading_job(asked, image[None]))
    if outputs is None:
        return
    readings = [
        Reading(one, int(given[0].argmax()), float(given[0].max()))
        for one in asked
        if (given := outputs.get(one.run.name)) is not None
    ]
    if not readings:
        st.info("No other run kept a model that can be opened.")
        return
    names = class_names(visit.outline, max(one.run.n_classes for one in asked))
    st.markdown(f"**What every run says** · {words.agreement([r.label for r in readings], names)}")
    shown = None if visit.shown is None else visit.shown.run.name
    readings_table(readings, run_styles(visit.runs), names, true=true, chosen=shown)
    if len(readings) < len(chosen):
        missing = len(chosen) - len(readings)
        st.caption(f"Without {words.run_count(missing)}: no model that can be opened, or too many.")
