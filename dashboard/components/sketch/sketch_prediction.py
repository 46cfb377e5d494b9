"""What the model sees of a drawing and what it says."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard.components.shared.digit import digit
from dashboard.drawing import words
from dashboard.drawing.figures.probabilities import probabilities_figure
from mnist_core.answers.evaluation import Output
from mnist_core.formatting import answer

ANY_DRAWING = "The model always picks one of its classes, even if nothing looks like a digit."


def sketch_prediction(
    image: np.ndarray,
    y_prob: np.ndarray,
    *,
    captions: Sequence[str],
    class_names: tuple[str, ...],
    output: Output,
) -> None:
    """Show an image, the top three and all probabilities.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        y_prob: Probabilities, 0–1, or scores. `float32`, shape `(n_classes,)`.
        captions: What there is to say of the image and the answer.
        class_names: Name of each class.
        output: Which of the two `y_prob` is.
    """
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        _reading(image, y_prob, class_names, output)
        for caption in (words.best_three(y_prob, class_names, output), *captions):
            st.caption(caption)
    with right:
        _bars(y_prob, class_names, output, key="sketch-probabilities", height=320)


def sketch_comparison(
    images: tuple[np.ndarray, np.ndarray],
    y_prob: tuple[np.ndarray, np.ndarray],
    *,
    class_names: tuple[str, ...],
    output: Output,
) -> None:
    """Show an image and the same with strokes on it, side by side with the answers to both.

    Args:
        images: The original and the edited one. Grey levels, 0 (paper) to 255 (ink). `uint8`, each
            of shape `(28, 28)`.
        y_prob: The answers to them, probabilities, 0–1, or scores. `float32`, each of shape
            `(n_classes,)`.
        class_names: Name of each class.
        output: Which of the two `y_prob` is.
    """
    names = ("Original", "With your strokes")
    for column, name, image, answers in zip(
        st.columns(2, gap="medium"), names, images, y_prob, strict=True
    ):
        with column:
            st.caption(f"**{name}**")
            _reading(image, answers, class_names, output)
            st.caption(words.best_three(answers, class_names, output))
            key = f"sketch-probabilities-{names.index(name)}"
            _bars(answers, class_names, output, key=key, height=260)


def _reading(
    image: np.ndarray, y_prob: np.ndarray, class_names: tuple[str, ...], output: Output
) -> None:
    read = int(y_prob.argmax())
    st.subheader(f"Reads as {class_names[read]}, {answer(float(y_prob[read]), output)}")
    digit(image, description=f"The image as the model sees it, predicted as {class_names[read]}")


def _bars(
    y_prob: np.ndarray, class_names: tuple[str, ...], output: Output, *, key: str, height: int
) -> None:
    figure = probabilities_figure(
        y_prob, class_names=class_names, true=None, output=output, height=height
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})
