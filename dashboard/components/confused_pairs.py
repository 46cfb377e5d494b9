"""The most confused pairs of classes, each a link to its images."""

from dataclasses import replace

import streamlit as st

from dashboard import state, words
from dashboard.navigation import PAGES
from mnist_core.evaluation import Evaluation


def confused_pairs(evaluation: Evaluation, *, class_names: tuple[str, ...], k: int = 8) -> None:
    """List the `k` most frequent mistakes as links into the confusion page."""
    pairs = evaluation.most_confused(k)
    if not pairs:
        st.info("Not a single mistake on this split.", icon=":material/check:")
    with st.container(horizontal=True, gap="small"):
        for pair in pairs:
            there = replace(state.selection(), true=pair.true, predicted=pair.predicted, image=None)
            support = int(evaluation.support[pair.true])
            st.page_link(
                PAGES / "confusion.py",
                label=f"{class_names[pair.true]} → {class_names[pair.predicted]}: "
                f"{words.images(pair.count)} ({words.percent(pair.count / support)})",
                query_params=there.query(),
            )
