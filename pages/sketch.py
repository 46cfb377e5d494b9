"""What does the classifier read in a digit of your own?"""

import streamlit as st

from dashboard.components.shared.empty import no_model, no_runs
from dashboard.components.sketch.sketch_canvas import sketch_canvas
from dashboard.components.sketch.sketch_prediction import (
    ANY_DRAWING,
    sketch_comparison,
    sketch_prediction,
)
from dashboard.drawing import words
from dashboard.loading.answers import load_answers
from dashboard.loading.drawings import load_edited, load_sketch
from dashboard.loading.images import load_chosen_split, load_outline
from dashboard.loading.networks import predict_image
from dashboard.loading.run_list import load_run
from dashboard.visit import state
from dashboard.visit.state import Selection
from mnist_core.datasets import class_names
from mnist_core.runs import Run


@st.fragment
def sketch() -> None:
    """Canvas on the left, what the model sees and says on the right, after each stroke."""
    selection = state.selection()
    run, epoch = load_run(str(selection.run)), int(selection.epoch or 0)
    st.caption(words.training(run, epoch))
    if not run.has_checkpoint(epoch):
        no_model(run, epoch, "what it reads in a drawing")
    elif selection.image is None:
        _blank_sheet(selection, run, epoch)
    else:
        _image_on_sheet(selection, run, epoch, selection.image)


def _blank_sheet(selection: Selection, run: Run, epoch: int) -> None:
    """A drawing in MNIST's format, and its answer."""
    sheet, prediction = _columns()
    with sheet:
        drawing = sketch_canvas()
    with prediction:
        seen = load_sketch(drawing)
        if seen is None:
            st.info("Draw a digit to see what the model predicts.")
            return
        y_prob = predict_image(run, epoch, seen.image)
        sketch_prediction(
            seen.image,
            y_prob,
            captions=("As the model sees it: 28×28 grey levels, centred by mass.", ANY_DRAWING),
            class_names=class_names(load_outline(str(selection.data)), len(y_prob)),
            output=run.output,
        )


def _image_on_sheet(selection: Selection, run: Run, epoch: int, index: int) -> None:
    """An image as it is and, from the first stroke on, the edited one beside it."""
    split = load_chosen_split(selection)
    image, answers = split.images[index], load_answers(run, epoch, split)
    names = class_names(load_outline(str(selection.data)), answers.n_classes)
    sheet, prediction = _columns()
    with sheet:
        drawing = sketch_canvas(image)
        st.caption(
            f"Image {index} of {split.name}, true {names[split.labels[index]]}, is on the sheet. "
            "Draw over it, or clear the sheet."
        )
    with prediction:
        edited, original = load_edited(image, drawing), answers.outputs[index]
        if edited is None:
            sketch_prediction(
                image,
                original,
                captions=("The image as it is: 28×28 grey levels.",),
                class_names=names,
                output=run.output,
            )
            return
        answer = predict_image(run, epoch, edited)
        sketch_comparison((image, edited), (original, answer), class_names=names, output=run.output)


def _columns() -> tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator]:
    with st.container(key="sketch"):
        left, right = st.columns([1, 2], gap="medium")
    return left.container(key="sketch-canvas"), right.container(key="sketch-prediction")


st.title("Sketch")
if state.selection().run is None:
    no_runs()
else:
    sketch()
