"""A model's layers, one row each."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mnist_core.feature_maps import LayerRow


def model_summary_table(rows: Sequence[LayerRow]) -> None:
    """Show layer, kind, output shape and number of parameters, and their sum."""
    table = pd.DataFrame(
        {
            "Layer": [row.layer for row in rows],
            "Kind": [row.kind for row in rows],
            "Output shape": [_shape(row.output_shape) for row in rows],
            "Parameters": [row.parameters for row in rows],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={"Parameters": st.column_config.NumberColumn(format="localized")},
    )
    st.caption(f"{sum(row.parameters for row in rows):,} parameters in all.")


def _shape(lengths: Sequence[int | None]) -> str:
    return " × ".join("any" if length is None else f"{length:,}" for length in lengths)
