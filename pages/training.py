"""How did the runs learn, and which epoch is worth looking at?"""

import streamlit as st

from dashboard import loaders, nearest, state, words
from dashboard.components.empty import no_runs
from dashboard.components.epoch_table import epoch_table
from dashboard.components.learning_curves import chosen_curves, learning_curves
from dashboard.components.model_summary import model_summary_table

st.title("Training")
selection = state.selection()
if selection.run is None:
    no_runs()
else:
    run = loaders.load_run(selection.run)
    st.caption(words.training(run, selection.epoch))
    with st.container(key="learning-curves"):
        learning_curves(chosen_curves(nearest.usable_runs()))
        st.caption("Solid: validation; dotted: train; ★ best epoch. Click a point to look at it.")
    left, right = st.columns([1.25, 1], gap="medium")
    with left, st.container(key="epoch-table"):
        st.subheader(f"Epochs of {run.name}")
        epoch_table(run)
    with right:
        st.subheader("Layers")
        model_summary_table(loaders.load_summary(selection.run, selection.epoch))
