"""Which runs are there, how good are they, and what does the chosen one confuse most?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.confused_pairs import confused_pairs
from dashboard.components.empty import no_runs
from dashboard.components.run_table import run_table

selection = state.selection()
st.title("Overview")

runs = loaders.list_runs()
with st.container(key="run-table"):
    if runs:
        st.caption("Every run in the models folder. Choose a row to look at that run.")
        run_table(runs)
if selection.run is None:
    no_runs()
else:
    dataset = loaders.load_outline(selection.data)
    split = loaders.load_split(selection.data, selection.split)
    evaluation = loaders.load_evaluation(
        selection.run, selection.epoch, selection.data, selection.split
    )
    st.subheader("Most confused")
    run = loaders.load_run(selection.run)
    st.caption(words.findings(run, selection.epoch, dataset.title, split, evaluation))
    confused_pairs(split, evaluation, class_names=dataset.class_names)
