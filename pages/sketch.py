"""What does the classifier read in a digit of your own?"""

import streamlit as st

from dashboard import loaders, state, words
from dashboard.components.empty import no_model, no_runs
from dashboard.components.sketch_canvas import sketch_canvas
from dashboard.components.sketch_prediction import sketch_prediction
from mnist_core.datasets import class_names


@st.fragment
def sketch() -> None:
    """Canvas on the left, what the model sees and says on the right, after each stroke."""
    selection = state.selection()
    run, epoch = loaders.load_run(str(selection.run)), int(selection.epoch or 0)
    st.caption(words.training(run, epoch))
    if not run.has_checkpoint(epoch):
        no_model(run, epoch, "what it reads in a drawing")
        return
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(key="sketch-canvas"):
        if selection.image is None:
            drawing = sketch_canvas()
        else:
            split = loaders.load_chosen_split(selection)
            drawing = sketch_canvas(split.images[selection.image])
            st.caption(
                f"Image {selection.image:,} of {split.name} is on the sheet. Draw over it, or take "
                "a new sheet."
            )
    with right, st.container(key="sketch-prediction"):
        seen = loaders.load_sketch(drawing)
        if seen is None:
            st.info("Draw a digit on the paper. Nothing is predicted before there is ink.")
        else:
            y_prob = loaders.predict_image(run, epoch, seen.image)
            outline = loaders.load_outline(str(selection.data))
            names = class_names(outline, len(y_prob))
            sketch_prediction(seen.image, y_prob, class_names=names, output=run.output)


st.title("Sketch")
if state.selection().run is None:
    no_runs()
else:
    sketch()
