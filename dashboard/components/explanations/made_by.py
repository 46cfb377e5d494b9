"""Which method made an explanation, and whether it keeps what that method promises."""

import math

import streamlit as st

from dashboard.drawing import words
from mnist_core.explainers import Attribution, find_explainer


def made_by(found: Attribution, unit: str) -> None:
    """Say which method stands in and why, how far the map adds up, and whether it should.

    Args:
        found: What was explained.
        unit: What its values are counted in, e.g. `probability`.
    """
    explainer = find_explainer(found.method)
    if found.instead:
        st.info(f"Made by **{explainer.title}**, which stands in. {words.plain(found.instead)}")
    gap = found.completeness_gap
    if not explainer.keeps_its_promise(found):
        st.warning(
            f"Completeness gap {gap:.1e}: base value and pixels miss the {unit} by this, where "
            f"{explainer.title} promises at most {explainer.largest_gap:g}. Do not trust these "
            "maps without another method beside them."
        )
    elif math.isnan(gap):
        st.caption(f"The maps of {explainer.title} need not add up to the {unit}.")
    else:
        st.caption(
            f"Completeness gap {gap:.1e}: base value and pixels add up to the {unit} within this."
        )
