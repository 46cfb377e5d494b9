"""The confusion matrix shows the numbers it is given."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix

from dashboard.drawing.figures.confusion_matrix import confusion_matrix_figure
from dashboard.drawing.matrix_cells import Shown, cell_values

MATRIX = np.array([[90, 10, 0], [1, 199, 0], [0, 0, 0]])
NAMES = ("cat", "dog", "owl")


def texts(figure: go.Figure) -> list[list[str]]:
    flat, n = list(figure.data[1].text), len(figure.layout.xaxis.tickvals)
    return [flat[start : start + n] for start in range(0, len(flat), n)]


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        ("counts", [["90", "10", ""], ["1", "199", ""], ["", "", ""]]),
        ("share", [["90.00", "10.00", ""], ["0.50", "99.50", ""], ["", "", ""]]),
        ("predicted", [["98.9", "4.8", ""], ["1.1", "95.2", ""], ["", "", ""]]),
        ("mistakes", [["", "10", ""], ["1", "", ""], ["", "", ""]]),
    ],
)
def test_cells_say_what_their_display_promises(display: Shown, expected: list[list[str]]) -> None:
    figure = confusion_matrix_figure(MATRIX, class_names=NAMES, display=display)
    assert texts(figure) == expected


@pytest.mark.parametrize(("display", "normalize"), [("share", "true"), ("predicted", "pred")])
def test_shares_are_those_of_scikit_learn(display: Shown, normalize: str) -> None:
    y_true, y_pred = np.random.default_rng(1).integers(0, 5, (2, 400))
    ours = cell_values(confusion_matrix(y_true, y_pred), display)
    assert ours == pytest.approx(confusion_matrix(y_true, y_pred, normalize=normalize))


def test_rows_are_true_classes_and_the_first_stands_on_top() -> None:
    figure = confusion_matrix_figure(MATRIX, class_names=NAMES)
    assert figure.layout.yaxis.title.text == "True class"
    assert figure.layout.xaxis.title.text == "Predicted class"
    low, high = figure.layout.yaxis.range
    assert low > high
    scatter = figure.data[1]
    assert [
        (x, y)
        for x, y, text in zip(scatter.x, scatter.y, scatter.text, strict=True)
        if text == "10"
    ] == [(1, 0)]


def test_hovering_says_count_and_shares_with_wilson_intervals() -> None:
    figure = confusion_matrix_figure(MATRIX, class_names=NAMES)
    low, high = binomtest(10, 100).proportion_ci(method="wilson")
    said = figure.data[0].hovertext[0][1]
    assert said.startswith("<b>10 images of cat predicted as dog</b>")
    assert f"10.0 % ({100 * low:.1f}–{100 * high:.1f}) of 100 images of cat" in said
    assert "of 209 predicted as dog" in said
    assert "199 images of dog predicted right" in figure.data[0].hovertext[1][1]
    assert "none of 0 images of owl" in figure.data[0].hovertext[2][2]


def test_colours_are_logarithmic_unless_they_are_to_be_linear() -> None:
    logarithmic = confusion_matrix_figure(MATRIX, class_names=NAMES).data[0]
    assert logarithmic.z[0, 1] == pytest.approx(np.log(11) / np.log(200))
    scale = logarithmic.colorbar
    assert dict(zip(scale.ticktext, scale.tickvals, strict=True))["10"] == logarithmic.z[0, 1]
    linear = confusion_matrix_figure(MATRIX, class_names=NAMES, logarithmic=False).data[0]
    assert linear.z[0, 1] == pytest.approx(10 / 199)
    assert linear.colorbar.ticktext == ("0", "199")


def test_a_matrix_without_images_can_be_drawn() -> None:
    figure = confusion_matrix_figure(np.zeros((3, 3), int), class_names=NAMES, display="mistakes")
    assert (figure.data[0].z == 0).all()


def test_names_are_never_read_as_markup() -> None:
    figure = confusion_matrix_figure(MATRIX, class_names=("<a href='x'>a</a>", "b & c", "owl"))
    assert figure.layout.xaxis.ticktext[:2] == ("&lt;a href='x'&gt;a&lt;/a&gt;", "b &amp; c")
    assert "<a" not in figure.data[0].hovertext[0][0]


@pytest.mark.parametrize(("text", "paper"), [("10171a", "ffffff"), ("e6eaeb", "14181a")])
def test_letters_stand_out_from_the_strongest_ink_on_either_paper(text: str, paper: str) -> None:
    def luminance(colour: np.ndarray) -> float:
        share = colour / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    ink = confusion_matrix_figure(MATRIX, class_names=NAMES).data[0].colorscale[-1][1]
    *colour, strength = (float(part) for part in ink[5:-1].split(","))
    below, letters = (np.array(list(bytes.fromhex(one)), float) for one in (paper, text))
    ground = luminance(np.array(colour) * strength + below * (1 - strength))
    brighter, darker = sorted((ground, luminance(letters)), reverse=True)
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2.2, level AA
