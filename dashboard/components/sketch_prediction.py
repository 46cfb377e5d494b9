"""What the model sees of a drawing and what it says."""

import numpy as np
import streamlit as st

from dashboard import words
from dashboard.components.digit import digit
from dashboard.figures.probabilities import probabilities_figure
from mnist_core.evaluation import Output


def sketch_prediction(
    image: np.ndarray, y_prob: np.ndarray, *, class_names: tuple[str, ...], output: Output
) -> None:
    """Show the image in MNIST's format, the top three and all probabilities.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        y_prob: Probabilities, 0–1, or scores. `float32`, shape `(n_classes,)`.
        class_names: Name of each class.
        output: Which of the two it is.
    """
    ranked = np.argsort(-y_prob, kind="stable")
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        read = class_names[ranked[0]]
        st.subheader(f"Reads as {read}, {words.answer(float(y_prob[ranked[0]]), output)}")
        digit(image, description=f"The drawing as the model sees it, read as {read}")
        st.caption("As the model sees it: 28×28 grey levels, centred by mass.")
        top = (f"{class_names[c]} {words.answer(float(y_prob[c]), output)}" for c in ranked[:3])
        st.caption("Top 3: " + " · ".join(top).replace(" %", "\N{NO-BREAK SPACE}%"))
    with right:
        figure = probabilities_figure(
            y_prob, class_names=class_names, true=None, output=output, height=320
        )
        st.plotly_chart(figure, key="sketch-probabilities", config={"displayModeBar": False})
