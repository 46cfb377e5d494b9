"""The confusion matrix as a picture to save: PNG or SVG, drawn by Plotly in the browser."""

import numpy as np
import streamlit as st

from dashboard.drawing.figures.confusion_matrix import confusion_matrix_figure
from dashboard.drawing.grids.confusion import MatrixDisplay, lines_of, shown_classes
from dashboard.drawing.matrix_cells import shown_in
from dashboard.visit.view import View

_INK, _PAPER = "#1b1f22", "#ffffff"


def matrix_picture(view: View, display: MatrixDisplay, name: str) -> None:
    """Show the matrix as it will be saved, dark on white, and the button that saves it.

    Args:
        view: What the page shows.
        display: How.
        name: Of the file, without its ending.
    """
    lines = lines_of(view.counted, view.class_names, display)
    order = shown_classes(lines.answers, display)
    kind = st.segmented_control("Picture", ["PNG", "SVG"], default="PNG", required=True)
    st.caption(f"The camera in the corner of the matrix saves it as {kind}.")
    figure = confusion_matrix_figure(
        lines.counts[np.ix_(order, order)],
        class_names=[lines.names[line] for line in order],
        display=shown_in(display.cells),
        logarithmic=display.colours == "logarithmic",
        height=540,
    )
    figure.update_layout(paper_bgcolor=_PAPER, plot_bgcolor=_PAPER, font_color=_INK)
    st.plotly_chart(
        figure,
        key=f"matrix-picture-{kind}",
        theme=None,
        config={
            "displayModeBar": True,
            "displaylogo": False,
            "modeBarButtons": [["toImage"]],
            "toImageButtonOptions": {"format": str(kind).lower(), "filename": name, "scale": 2},
        },
    )
