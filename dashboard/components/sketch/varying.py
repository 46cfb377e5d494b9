"""Sliders that lean, turn, thicken and move what is on the sheet, and the answer along each."""

import numpy as np
import streamlit as st

from dashboard.components.shared.digit import digit
from dashboard.components.shared.selection_widgets import selection_toggle
from dashboard.drawing import words
from dashboard.drawing.figures.varying import varying_figure
from dashboard.loading.drawings import load_varied
from dashboard.visit.view import RunAndEpoch
from mnist_core.formatting import answer
from mnist_core.pictures.variations import NAMES, SPANS, Variation

_KEY = "vary-"
_TITLES = {
    "slant": ("Slant", "degrees", 2.0, "How far upright strokes lean to the right."),
    "rotation": ("Rotation", "degrees", 2.0, "Clockwise."),
    "thickness": ("Thickness", "pixels", 0.1, "How far the edges of the ink move outwards."),
    "right": ("Place across", "pixels", 0.5, "To the right."),
    "down": ("Place down", "pixels", 0.5, "Downwards."),
}


def varying(shown: RunAndEpoch, image: np.ndarray, class_names: tuple[str, ...]) -> None:
    """A switch, and what it shows: the image as it is changed, and a slider with a curve for each.

    Args:
        shown: The run, with a model of its epoch.
        image: What is on the sheet. `uint8`, shape `(28, 28)`.
        class_names: Name of each class that the run tells apart.
    """
    if not selection_toggle("vary", "Lean, turn, thicken, move it"):
        return
    with st.container(key="sketch-varying"):
        variation = Variation(**{name: _amount(name) for name in NAMES})
        found, output = load_varied(shown.run, shown.epoch, image, variation), shown.run.output
        read = int(found.outputs.argmax())
        left, *columns = st.columns(3, gap="medium")
        with left:
            st.markdown(
                f"**Reads as {class_names[read]}, {answer(float(found.outputs[read]), output)}**"
            )
            digit(found.image, description=f"The changed image, read as {class_names[read]}")
            st.caption(words.best_three(found.outputs, class_names, output))
            st.button("Put back", key="vary-reset", on_click=_put_back)
        places = [*columns, *st.columns(3, gap="medium")]
        for place, name in zip(places, NAMES, strict=False):
            title, unit, step, explained = _TITLES[name]
            with place:
                least, most = SPANS[name]
                st.slider(title, least, most, step=step, key=f"{_KEY}{name}", help=explained)
                amounts, outputs = found.curves[name]
                figure = varying_figure(
                    amounts,
                    outputs,
                    now=getattr(variation, name),
                    unit=unit,
                    class_names=class_names,
                    output=output,
                )
                key = f"vary-curve-{name}"
                st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def _amount(name: str) -> float:
    return float(st.session_state.setdefault(f"{_KEY}{name}", 0.0))


def _put_back() -> None:
    for name in NAMES:
        st.session_state[f"{_KEY}{name}"] = 0.0
