"""How did the runs learn, and which epoch is worth looking at?"""

import streamlit as st

from dashboard.components.shared.difference import difference
from dashboard.components.shared.empty import no_runs
from dashboard.components.shared.live_runs import live_runs
from dashboard.components.training.configuration import configuration
from dashboard.components.training.curve_controls import curve_controls, shown_runs
from dashboard.components.training.curve_runs import curve_runs
from dashboard.components.training.epoch_table import epoch_table
from dashboard.components.training.learning_curves import learning_curves
from dashboard.components.training.model_summary import model_summary_table
from dashboard.drawing import words
from dashboard.loading.networks import load_summary
from dashboard.loading.run_list import load_run
from dashboard.loading.views import load_view
from dashboard.visit import repair, state

st.title("Training")
live_runs()
selection = state.selection()
if selection.run is None:
    no_runs()
else:
    run = load_run(selection.run)
    st.caption(words.training(run, int(selection.epoch or 0)))
    for note in words.imported(run):
        st.caption(words.plain(note))
    if selection.baseline is not None:
        difference(load_view(selection))
    runs = repair.usable_runs()
    shown = shown_runs(runs)
    curve_controls(runs, shown)
    with st.container(key="learning-curves"):
        learning_curves(shown)
    with st.container(key="curve-runs"):
        st.subheader("Runs on the chart")
        curve_runs(runs, shown)
    with st.container(key="run-details"):
        left, right = st.columns([1.35, 1], gap="medium")
    with left, st.container(key="epoch-table"):
        st.subheader(f"Epochs of {run.name}")
        epoch_table(run)
    with right:
        st.subheader("Layers")
        model_summary_table(load_summary(run))
        with st.container(key="configuration"):
            st.subheader("Configuration", anchor="configuration")
            configuration(run)
