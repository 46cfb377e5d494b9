"""Which runs are there, how good are they, and what does the chosen one confuse most?"""

import streamlit as st

from dashboard.components.overview.confused_pairs import confused_pairs
from dashboard.components.overview.import_offers import import_offers
from dashboard.components.overview.run_table import run_table
from dashboard.components.shared.difference import seeds_in_words
from dashboard.components.shared.empty import no_runs
from dashboard.components.shared.live_runs import live_runs
from dashboard.components.shared.narrowing import narrowed
from dashboard.drawing import words
from dashboard.visit import state
from dashboard.visit.load_view import load_view

st.title("Overview")

live_runs()
visit = state.current()
with st.container(key="run-table"):
    if visit.runs:
        st.caption("All runs in the models folder. Choose a row to explore that run.")
        run_table(visit)
        import_offers(visit.runs)
if visit.shown is None:
    no_runs()
else:
    st.subheader("Most confused")
    view = narrowed(load_view(visit, visit.shown))
    if view is not None:
        st.caption(" · ".join([words.findings(view), *seeds_in_words(view)]))
        confused_pairs(view)
