"""How did the runs learn, and which epoch is worth looking at?"""

import streamlit as st

from dashboard.components.shared.difference import difference
from dashboard.components.shared.empty import no_runs
from dashboard.components.shared.live_runs import live_runs
from dashboard.components.training.configuration import configuration
from dashboard.components.training.curve_controls import curve_controls, shown_runs
from dashboard.components.training.curve_runs import curve_runs
from dashboard.components.training.display import TrainingDisplay
from dashboard.components.training.epoch_table import epoch_table
from dashboard.components.training.learning_curves import curve_display, learning_curves
from dashboard.components.training.model_summary import model_summary_table
from dashboard.drawing import words
from dashboard.drawing.figures.run_style import run_styles
from dashboard.loading.networks import load_summary
from dashboard.visit import state
from dashboard.visit.load_view import load_view

st.title("Training")
live_runs()
visit = state.current()
if visit.shown is None:
    no_runs()
else:
    run, epoch, display = visit.shown.run, visit.shown.epoch, visit.display
    assert isinstance(display, TrainingDisplay)  # the site map gives it to this page
    st.caption(words.training(run, epoch))
    for note in words.imported(run):
        st.caption(words.plain(note))
    if visit.baseline is not None:
        difference(load_view(visit, visit.shown))
    runs, styles = visit.usable_runs, run_styles(visit.runs)
    shown = shown_runs(runs, visit.selection)
    curve_controls(runs, shown, are_chosen=visit.selection.curves is not None)
    with st.container(key="learning-curves"):
        learning_curves(
            shown,
            styles,
            curve_display(display),
            shown=visit.shown,
            split=visit.split,
            alone=visit.selection.alone,
        )
    with st.container(key="curve-runs"):
        st.subheader("Runs on the chart")
        curve_runs(runs, shown, styles)
    with st.container(key="run-details"):
        left, right = st.columns([1.35, 1], gap="medium")
    with left, st.container(key="epoch-table"):
        st.subheader(f"Epochs of {run.name}")
        epoch_table(visit.shown, visit.split)
    with right:
        st.subheader("Layers")
        model_summary_table(load_summary(run))
        with st.container(key="configuration"):
            st.subheader("Configuration", anchor="configuration")
            configuration(run)
