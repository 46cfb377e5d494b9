"""Shapes and values of images and labels, split by split."""

import pandas as pd
import streamlit as st

from mnist_core.datasets.distributions import Contents


def values_table(contents: Contents) -> None:
    """One row for the images and one for the labels of each split."""
    rows = [
        {
            "Split": split,
            "Of": what,
            "Shape": " × ".join(f"{length:,}" for length in found.shape),
            "Distinct values": found.distinct,
            "Minimum": found.least,
            "Maximum": found.greatest,
        }
        for split in contents.counts
        for what, found in (("pixels", contents.pixels[split]), ("labels", contents.labels[split]))
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
