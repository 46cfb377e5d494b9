"""Which pixels made the classifier decide as it did?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.empty import no_model, no_runs
from dashboard.components.explanation import explanation
from dashboard.components.explanation_sheet import explanation_sheet
from dashboard.components.image_picker import image_picker, opened_image
from dashboard.components.image_summary import image_summary
from dashboard.components.long_work import long_work
from dashboard.components.selection_widgets import selection_toggle


@st.fragment
def explanations() -> None:
    """The opened image with one map per class; a click reruns only this."""
    view = loaders.load_view(state.selection())
    st.caption(words.findings(view))
    if not view.has_model:
        no_model(view.run, view.epoch, "explanations")
        return
    index = opened_image(view)
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        image_summary(view, index, here="explanations.py")
        st.caption(f"Deep SHAP · {loaders.background_in_words(view.outline.name)}")
    with right, st.container(key="shap-maps"):
        attributions = long_work(*loaders.explaining_job(view, [index]))
        if attributions is not None:
            explanation(view, index, attributions[index])
    image_picker(view)


@st.fragment
def sheet() -> None:
    """One right and one wrong image per class, explained on request."""
    view = loaders.load_view(state.selection())
    if not view.has_model:
        return
    st.subheader("One right and one wrong image per class")
    indices = view.answers.right_and_wrong()
    if not selection_toggle("sheet", f"Explain these {words.images(len(indices))}"):
        return
    attributions = long_work(*loaders.explaining_job(view, indices))
    if attributions is not None:
        explanation_sheet(view, attributions)


st.title("Explanations")
if state.selection().run is None:
    no_runs()
else:
    explanations()
    with st.container(key="shap-sheet"):
        sheet()
