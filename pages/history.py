"""When was each image learned, and which were forgotten?"""

import streamlit as st

from dashboard.components.history.display import HistoryDisplay
from dashboard.components.history.epoch_film import epoch_film
from dashboard.components.history.history_lists import (
    histories_in_words,
    history_lists,
    nothing_recorded,
)
from dashboard.components.shared.close_image import close_image
from dashboard.components.shared.every_run import every_run_on_demand
from dashboard.components.shared.image_summary import image_summary
from dashboard.components.shared.page import page_about_a_run
from dashboard.components.shared.prediction_ribbon import prediction_ribbon
from dashboard.drawing import words
from dashboard.loading.answers import load_histories
from dashboard.visit.view import View


def history(view: View, display: HistoryDisplay) -> None:
    """The matrix over the epochs, and images by how they were learned."""
    st.caption(words.findings(view))
    histories = load_histories(view.run, view.split)
    if histories is None:
        nothing_recorded(view)
        return
    st.markdown(histories_in_words(view, histories))
    left, right = st.columns([1.1, 1], gap="medium")
    with left, st.container(key="epoch-film-box"):
        epoch_film(view, display)
    with right, st.container(key="history-lists"):
        history_lists(view, histories, display)
        if view.image is not None:
            image_summary(view, view.image, here="history")
            close_image()
    if view.image is not None:
        with st.container(key="image-depth"):
            prediction_ribbon(view, view.image)
            every_run_on_demand(view, view.image)


page_about_a_run("History", history)
