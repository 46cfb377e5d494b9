"""What does the classifier read in a digit of your own?"""

import streamlit as st

from dashboard.components.shared.empty import no_model, no_runs
from dashboard.components.shared.explain_link import explain_link
from dashboard.components.shared.turning import turning
from dashboard.components.sketch.every_reading import every_reading
from dashboard.components.sketch.keep_drawing import keep_drawing
from dashboard.components.sketch.sketch_canvas import sketch_canvas
from dashboard.components.sketch.sketch_prediction import (
    ANY_DRAWING,
    sketch_comparison,
    sketch_prediction,
)
from dashboard.components.sketch.varying import varying
from dashboard.drawing import words
from dashboard.loading.drawings import load_drawn
from dashboard.visit import state
from dashboard.visit.load_view import load_view
from dashboard.visit.view import RunAndEpoch, View
from dashboard.visit.visit import Visit
from mnist_core.datasets import class_names


@st.fragment
def sketch() -> None:
    """Canvas on the left, what the model sees and says on the right, after each stroke."""
    visit = state.current()
    if visit.shown is None:
        no_runs()
        return
    run, epoch = visit.shown.run, visit.shown.epoch
    st.caption(words.training(run, epoch))
    if not run.has_checkpoint(epoch):
        no_model(run, epoch, "what it reads in a drawing")
    elif visit.selection.image is None:
        _blank_sheet(visit, visit.shown)
    else:
        _image_on_sheet(visit, load_view(visit, visit.shown), visit.selection.image)


def _blank_sheet(visit: Visit, shown: RunAndEpoch) -> None:
    """A drawing in MNIST's format, and its answer."""
    sheet, prediction = _columns()
    with sheet:
        drawing = sketch_canvas()
    with prediction:
        drawn = load_drawn(drawing, shown.run, shown.epoch)
        if drawn is None:
            st.info("Draw a digit to see what the model predicts.")
            return
        sketch_prediction(
            drawn.image,
            drawn.outputs,
            captions=("As the model sees it: 28×28 grey levels, centred by mass.", ANY_DRAWING),
            class_names=class_names(visit.outline, len(drawn.outputs)),
            output=shown.run.output,
        )
        explain_link(visit.selection, drawn.image)
        keep_drawing(drawn.image, visit.outline.class_names)
        every_reading(visit, drawn.image)
    varying(shown, drawn.image, class_names(visit.outline, len(drawn.outputs)))


def _image_on_sheet(visit: Visit, view: View, index: int) -> None:
    """An image as it is and, from the first stroke on, the edited one beside it."""
    split, names, output = view.split, view.class_names, view.run.output
    image = split.images[index]
    sheet, prediction = _columns()
    with sheet:
        drawing = sketch_canvas(image, name=f"{view.outline.name}-{split.name}-{index}")
        st.caption(
            f"Image {index} of {split.name}, true {names[split.labels[index]]}, is on the sheet. "
            "Draw over it, or clear the sheet."
        )
    with prediction:
        edited = load_drawn(drawing, view.run, view.epoch, on=image)
        original = view.answers.outputs[index]
        if edited is None:
            sketch_prediction(
                image,
                original,
                captions=("The image as it is: 28×28 grey levels.",),
                class_names=names,
                output=output,
            )
            every_reading(visit, image, true=int(split.labels[index]))
        else:
            images, outputs = (image, edited.image), (original, edited.outputs)
            sketch_comparison(images, outputs, class_names=names, output=output)
            explain_link(visit.selection, edited.image)
            every_reading(visit, edited.image)
    now = image if edited is None else edited.image
    varying(RunAndEpoch(view.run, view.epoch), now, names)
    turning(view, now, visit.display, first=int(split.labels[index]))


def _columns() -> tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator]:
    with st.container(key="sketch"):
        left, right = st.columns([1, 1], gap="medium")
    return left.container(key="sketch-canvas"), right.container(key="sketch-prediction")


st.title("Sketch")
sketch()
