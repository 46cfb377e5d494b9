"""Which runs are there, how good are they, and what does the chosen one confuse most?"""

import streamlit as st

from dashboard import loaders, nearest, state, words
from dashboard.components.confused_pairs import confused_pairs
from dashboard.components.difference import seeds_in_words
from dashboard.components.empty import no_runs
from dashboard.components.import_offers import import_offers
from dashboard.components.live_runs import live_runs
from dashboard.components.run_table import run_table

st.title("Overview")

live_runs()
runs = nearest.best_first(loaders.list_runs())
with st.container(key="run-table"):
    if runs:
        st.caption("All runs in the models folder. Choose a row to explore that run.")
        run_table(runs)
        import_offers(runs)
view = loaders.find_view(state.selection())
if view is None:
    no_runs()
else:
    st.subheader("Most confused")
    st.caption(" · ".join([words.findings(view), *seeds_in_words(view)]))
    confused_pairs(view)
