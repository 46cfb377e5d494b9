"""What is looked at, to take away: its link, a report in one file, the matrix as CSV."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from dashboard import state
from dashboard.html_report import html_report
from dashboard.loaders import View


def take_away(view: View) -> None:
    """Offer them behind a button; the report is written only when it is asked for."""
    selection, link = state.selection(), state.link()
    name = f"{view.run.name}-epoch-{view.epoch}-{selection.data}-{view.split.name}"

    def report() -> str:
        return html_report(view, selection=selection, link=link, now=datetime.now(UTC))

    with st.popover("Take away", icon=":material/download:"):
        st.caption("This view in any browser that reaches this server:")
        st.code(link, language=None, wrap_lines=True)
        st.caption("The same as one file, charts and images inside, which needs no network (5 MB):")
        st.download_button(
            "Save report",
            report,
            key="take-away-report",
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/description:",
            on_click="ignore",
        )
        st.caption("The confusion matrix as a table:")
        st.download_button(
            "Save matrix",
            matrix_csv(view.counted.confusion_matrix, class_names=view.class_names),
            key="take-away-matrix",
            file_name=f"{name}-confusion.csv",
            mime="text/csv",
            icon=":material/grid_on:",
            on_click="ignore",
        )


def matrix_csv(matrix: np.ndarray, *, class_names: Sequence[str]) -> str:
    """A confusion matrix as text with commas, a line for each true class.

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
