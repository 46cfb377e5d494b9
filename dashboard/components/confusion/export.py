"""What is looked at, for export: its link, a report in one file, the matrix as CSV or picture."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from dashboard.components.confusion.matrix_picture import matrix_picture
from dashboard.drawing.grids.confusion import MatrixDisplay
from dashboard.report import html_report
from dashboard.visit import state
from dashboard.visit.view import View


def export(view: View, display: MatrixDisplay) -> None:
    """A button that opens a window with all of it."""
    if st.button("Export", key="export", icon=":material/download:"):
        _window(view, display)


@st.dialog("Export this view", width="medium")
def _window(view: View, display: MatrixDisplay) -> None:
    link = state.link()
    name = f"{view.run.name}-epoch-{view.epoch}-{view.outline.name}-{view.split.name}"

    def report() -> str:
        return html_report(view, display=display, link=link, now=datetime.now(UTC))

    st.caption("As a link, for any browser that reaches this server:")
    st.code(link, language=None, wrap_lines=True)
    st.caption(
        "As one file with charts and images inside, which needs no network (5 MB), or the matrix "
        "as a table:"
    )
    with st.container(horizontal=True, gap="xsmall"):
        st.download_button(
            "Save report",
            report,
            key="export-report",
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/description:",
            on_click="ignore",
        )
        st.download_button(
            "Save matrix",
            matrix_csv(view.counted.confusion_matrix, class_names=view.class_names),
            key="export-matrix",
            file_name=f"{name}-confusion.csv",
            mime="text/csv",
            icon=":material/grid_on:",
            on_click="ignore",
        )
    matrix_picture(view, display, f"{name}-confusion")


def matrix_csv(matrix: np.ndarray, *, class_names: Sequence[str]) -> str:
    """A confusion matrix as CSV, a line for each true class.

    Args:
        matrix: Images by true class (rows) and predicted class (columns). Integers, square.
        class_names: Of rows and columns.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["true \\ predicted", *class_names])
    for name, row in zip(class_names, matrix.tolist(), strict=True):
        writer.writerow([name, *row])
    return text.getvalue()
