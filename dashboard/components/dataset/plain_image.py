"""One image in a window of its own: large, its pixel values, and the ways on."""

import streamlit as st

from dashboard.components.shared.digit import digit
from dashboard.components.shared.image_steps import image_steps
from dashboard.drawing import words
from dashboard.drawing.figures.pixel_values import pixel_values_figure
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.datasets import Split


def plain_image(split: Split, view: View | None, index: int) -> None:
    """Open the window on one image; closing it lets the image go.

    Args:
        split: Where the image lies.
        view: What a run answers to it, `None` without a run.
        index: Position of the image in its split.
    """

    @st.dialog(
        f"Image {index} of {split.name}: {split.class_names[split.labels[index]]}",
        width="medium",
        on_dismiss=lambda: state.choose(image=None),
    )
    def window() -> None:
        left, right = st.columns([1, 2.4], gap="medium")
        with left:
            digit(split.images[index], description=f"Image {index}, large")
            if view is not None:
                st.caption(words.image_caption(view.answers, index, view.class_names))
                image_steps(view, index, here="dataset")
        with right:
            st.plotly_chart(
                pixel_values_figure(split.images[index]),
                key="pixel-values",
                config={"displayModeBar": False},
            )

    window()
