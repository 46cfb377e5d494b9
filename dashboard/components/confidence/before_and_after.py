"""What dividing the logits by a temperature changes, in figures."""

from html import escape

import streamlit as st

from dashboard.visit.view import View
from mnist_core.answers.evaluation import Answers
from mnist_core.answers.probability_errors import (
    mean_change,
    probability_errors,
    squared_distances,
)
from mnist_core.formatting import percent, signed, signed_decimals

_HEADS = ("As answered", "At the temperature", "Change (95 %)")


def before_and_after(view: View, tempered: Answers) -> None:
    """A table of the three errors, with the change of those that are means over the images.

    Args:
        view: What the page shows, with a model.
        tempered: Its answers that count at the temperature.
    """
    before, after = probability_errors(view.counted), probability_errors(tempered)
    changes = {
        "loss": mean_change(view.counted.loss, tempered.loss),
        "brier": mean_change(squared_distances(view.counted), squared_distances(tempered)),
    }
    said = {name: _change(*ends, is_tested=view.is_tested) for name, ends in changes.items()}
    rows = (
        ("Loss, nats", f"{before.loss:.4f}", f"{after.loss:.4f}", said["loss"]),
        ("Brier score", f"{before.brier:.4f}", f"{after.brier:.4f}", said["brier"]),
        (
            "Calibration error",
            percent(before.calibration_error, 2),
            percent(after.calibration_error, 2),
            "",
        ),
    )
    heads = "".join(f'<th scope="col" class="number">{head}</th>' for head in _HEADS)
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f'<td class="number">{escape(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    st.html(
        f'<div class="plain-table"><table><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _change(change: float, low: float, high: float, *, is_tested: bool) -> str:
    """E.g. `−0.0053 (−0.0079 to −0.0027)`."""
    places = max(4, signed_decimals((change, low, high)))
    written, *ends = (signed(value, places) for value in (change, low, high))
    return f"{written} ({' to '.join(ends)})" if is_tested else written
