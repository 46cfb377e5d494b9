"""Whether the model is as often right as it says: the diagram, of either kind of confidence."""

import streamlit as st

from dashboard.components.confidence.display import ConfidenceDisplay
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing import words
from dashboard.drawing.figures.reliability import EDGES, reliability_figure
from dashboard.visit.view import View
from mnist_core.answers.calibrated import consistency_band
from mnist_core.answers.evaluation import Answers
from mnist_core.answers.temperature import Temperature

_AXES = {"stretched": "Stretched near 100 %", "even": "Even"}


def reliability(
    view: View,
    tempered: Answers | None,
    temperature: Temperature | None,
    display: ConfidenceDisplay,
) -> None:
    """The diagram and what it says.

    Args:
        view: What the page shows, with probabilities.
        tempered: The answers that count at the temperature, where there is one.
        temperature: The temperature.
        display: Which confidences, and along which axes.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if temperature is not None:
            texts = {
                "answered": "As answered",
                "tempered": f"At temperature {temperature.value:.2f}",
            }
            selection_choice("confidences", "Confidences", texts, hide_label=True)
        with st.popover("Axes", icon=":material/straighten:"):
            selection_choice("axes", "Axes of both charts", _AXES)
    is_tempered = tempered is not None and display.confidences == "tempered"
    answers = tempered if is_tempered and tempered is not None else view.counted
    is_stretched = display.axes == "stretched"
    bins = EDGES if is_stretched else 15
    band = consistency_band(answers.confidence, bins) if view.is_tested else None
    st.plotly_chart(
        reliability_figure(answers.calibration(bins), band=band, is_stretched=is_stretched),
        key="reliability-chart",
        config={"displayModeBar": False},
    )
    st.markdown(words.calibration(answers, is_tested=view.is_tested))
    st.caption(_marks(view))


def _marks(view: View) -> str:
    rounded = (
        ""
        if view.has_model
        else " In training, confidences were recorded in steps of 0.05 points near 100 %."
    )
    if view.is_tested:
        return f"{words.BAND}{rounded}{' The band allows for that.' if rounded else ''}"
    return f"No band and no interval: the answers themselves chose these images.{rounded}"
