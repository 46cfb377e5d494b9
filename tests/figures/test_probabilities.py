"""The chart of one image's probabilities."""

import numpy as np

from dashboard.figures.probabilities import probabilities_figure

NAMES = tuple("0123456789")


def test_every_class_has_its_bar_and_the_true_one_its_mark() -> None:
    y_prob = np.full(10, 0.02, np.float32)
    y_prob[3] = 0.82
    figure = probabilities_figure(y_prob, class_names=NAMES, true=5)
    bars = figure.data[0]
    assert list(bars.x) == list(y_prob)
    assert figure.layout.yaxis.ticktext[5] == "<b>true 5</b>"
    assert figure.layout.yaxis.ticktext[4] == "4"
    assert bars.marker.color[3] != bars.marker.color[5]
    assert bars.text[3] == "82.0 %"


def test_axes_have_titles() -> None:
    figure = probabilities_figure(np.eye(10)[0], class_names=NAMES, true=0)
    assert figure.layout.xaxis.title.text == "Probability"
    assert figure.layout.yaxis.title.text == "Class"
