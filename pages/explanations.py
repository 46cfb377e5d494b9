"""Which pixels made the classifier decide as it did?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.digit import digit
from dashboard.components.empty import no_runs
from dashboard.components.explanation import explanation
from dashboard.components.explanation_sheet import explanation_sheet
from dashboard.components.image_picker import image_picker, opened_image
from dashboard.components.image_steps import image_steps
from dashboard.components.long_work import long_work


@st.fragment
def explanations() -> None:
    """The opened image with one map per class; a click reruns only this."""
    selection = state.selection()
    outline = loaders.load_outline(selection.data)
    split = loaders.load_split(selection.data, selection.split)
    evaluation = loaders.find_evaluation(selection)
    run = loaders.load_run(selection.run)
    st.caption(words.findings(run, selection.epoch, outline.title, split, evaluation))
    index = opened_image(evaluation)
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        caption = words.image_caption(evaluation, index, outline.class_names)
        digit(split.images[index], description=caption)
        st.markdown(caption)
        image_steps(evaluation, index, here="explanations.py")
        st.caption(f"Deep SHAP · {loaders.background_in_words(selection.data)}")
    with right, st.container(key="shap-maps"):
        attributions = long_work(*loaders.explaining_job(selection, [index]))
        if attributions is not None:
            names, true = outline.class_names, int(split.labels[index])
            explanation(split.images[index], attributions[index], class_names=names, true=true)
    image_picker(split, evaluation, class_names=outline.class_names)


@st.fragment
def sheet() -> None:
    """One right and one wrong image per class, explained on request."""
    selection = state.selection()
    outline = loaders.load_outline(selection.data)
    split = loaders.load_split(selection.data, selection.split)
    evaluation = loaders.find_evaluation(selection)
    st.subheader("One right and one wrong image per class")
    indices = evaluation.right_and_wrong()
    if not st.toggle(f"Explain these {words.images(len(indices))}", key="sheet-wanted"):
        return
    attributions = long_work(*loaders.explaining_job(selection, indices))
    if attributions is not None:
        explanation_sheet(split, evaluation, attributions, class_names=outline.class_names)


st.title("Explanations")
if state.selection().run is None:
    no_runs()
else:
    explanations()
    with st.container(key="shap-sheet"):
        sheet()
