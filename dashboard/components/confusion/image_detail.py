"""One image in depth: large, top three, probabilities, its link and the way to its neighbours."""

import numpy as np
import streamlit as st

from dashboard.components.shared.baseline_answer import baseline_answer
from dashboard.components.shared.close_image import close_image
from dashboard.components.shared.digit import digit
from dashboard.components.shared.empty import no_model
from dashboard.components.shared.image_steps import image_steps
from dashboard.drawing import words
from dashboard.drawing.figures.probabilities import probabilities_figure
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.formatting import answer

_NATS = {"probabilities": " nats", "scores": " (hinge)"}


def image_detail(view: View, index: int, *, among: np.ndarray) -> None:
    """Open one image.

    Args:
        view: What the page shows.
        index: Its position in the split.
        among: Positions of the images that previous and next go through.
    """
    if index not in among:
        st.caption("This image is not in the chosen cell.")
    answers, names = view.answers, view.class_names
    true, predicted = answers.cell_of(index)
    _header(index, among)
    picture, chart = st.columns([1, 1.35], gap="small")
    with picture:
        caption = words.image_caption(answers, index, names)
        digit(view.split.images[index], description=caption, pixels=168)
        st.markdown(f"True **{names[true]}**, predicted **{names[predicted]}**")
        if answers.y_prob is not None:
            st.caption(words.top_three(answers, index, names))
            st.caption(f"Loss {answers.loss[index]:.3g}{_NATS[answers.output]}")
        baseline_answer(view, index)
        image_steps(view, index, here="confusion")
    with chart:
        if answers.y_prob is not None:
            figure = probabilities_figure(
                answers.y_prob[index], class_names=names, true=true, output=answers.output
            )
            st.plotly_chart(figure, key="image-probabilities", config={"displayModeBar": False})
        else:
            sure = answer(float(answers.confidence[index]), answers.output)
            st.caption(f"Predicted {names[predicted]}: {sure}.")
            no_model(view.run, view.epoch, "the outputs of the other classes")


def _header(index: int, among: np.ndarray) -> None:
    place = np.flatnonzero(among == index)
    before = among[place[0] - 1] if place.size and place[0] > 0 else None
    after = among[place[0] + 1] if place.size and place[0] + 1 < len(among) else None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**Image {index}**")
        _neighbour("Previous", before, "P")
        _neighbour("Next", after, "N")
        with st.popover("Link", icon=":material/link:"):
            st.caption("Opens this image in any browser that reaches this server.")
            st.code(state.link(), language=None, wrap_lines=True)
        close_image()


def _neighbour(label: str, index: np.integer | None, shortcut: str) -> None:
    st.button(
        label,
        key=f"image-{label.lower()}",
        shortcut=shortcut,
        disabled=index is None,
        on_click=lambda: state.choose(image=int(index)),  # type: ignore[arg-type]
    )
