"""When was each image learned, and which were forgotten?"""

import streamlit as st

from dashboard.components.history.epoch_film import epoch_film
from dashboard.components.history.history_lists import (
    histories_in_words,
    history_lists,
    nothing_recorded,
)
from dashboard.components.shared.empty import no_runs
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.prediction_ribbon import prediction_ribbon
from dashboard.drawing import words
from dashboard.loading.answers import load_histories
from dashboard.loading.views import load_view
from dashboard.visit import state


@st.fragment
def history() -> None:
    """The matrix over the epochs, and images by how they were learned."""
    selection = state.selection()
    view = load_view(selection)
    st.caption(words.findings(view))
    histories = load_histories(view)
    if histories is None:
        nothing_recorded(view)
        return
    st.markdown(histories_in_words(view, histories))
    left, right = st.columns([1.1, 1], gap="medium")
    with left, st.container(key="epoch-film-box"):
        epoch_film(view)
    with right, st.container(key="history-lists"):
        history_lists(view, histories)
        if selection.image is not None:
            image_summary(view, selection.image, here="history.py")
    if selection.image is not None:
        with st.container(key="image-depth"):
            prediction_ribbon(view, selection.image)


st.title("History")
if state.selection().run is None:
    no_runs()
else:
    history()
