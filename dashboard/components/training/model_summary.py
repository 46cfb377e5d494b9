"""A model's layers, one row each."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from mnist_core.inference.feature_maps import LayerRow


def model_summary_table(rows: Sequence[LayerRow]) -> None:
    """Show layer, kind, output shape and number of parameters, and their sum."""
    lines = "".join(
        f'<tr><th scope="row">{escape(row.layer)}</th><td>{escape(row.kind)}</td>'
        f'<td>{_shape(row.output_shape)}</td><td class="number">{row.parameters:,}</td></tr>'
        for row in rows
    )
    heads = "".join(f'<th scope="col">{title}</th>' for title in ("Layer", "Kind", "Output shape"))
    st.html(
        f'<div class="plain-table"><table><thead><tr>{heads}<th scope="col" class="number">'
        f"Parameters</th></tr></thead><tbody>{lines}</tbody></table></div>"
    )
    st.caption(f"{sum(row.parameters for row in rows):,} parameters in all.")


def _shape(lengths: Sequence[int | None]) -> str:
    return " × ".join("any" if length is None else f"{length:,}" for length in lengths)
