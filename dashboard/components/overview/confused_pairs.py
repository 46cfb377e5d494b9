"""The most confused pairs of classes, each a link to its images."""

from dataclasses import replace

import streamlit as st

from dashboard.components.shared.digit import linked_digits
from dashboard.drawing import words
from dashboard.navigation import PAGES
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.answers.evaluation import Confusion
from mnist_core.formatting import percent

EXAMPLES = 6


def confused_pairs(view: View, *, k: int = 8) -> None:
    """List the `k` most frequent mistakes with their most confident images, in two columns."""
    pairs = view.counted.most_confused(k)
    if not pairs:
        st.info(f"No mistakes {'in this set' if view.subset else 'on this split'}.")
    with st.container(key="confused-pairs"):
        columns = st.columns(2, gap="large")
    for place, pair in enumerate(pairs):
        # Down the first column, then down the second.
        with columns[place * 2 // len(pairs)]:
            _pair(view, pair)


def _pair(view: View, pair: Confusion) -> None:
    answers, names = view.answers, view.class_names
    true, predicted = names[pair.true], names[pair.predicted]
    there = replace(view.selection, true=pair.true, predicted=pair.predicted, image=None)
    share = percent(pair.count / int(view.counted.support[pair.true]))
    st.page_link(
        PAGES / "confusion.py",
        label=f"**True {true} → predicted {predicted}**: {words.images(pair.count)}, "
        f"{share} of all {true}s{' in the set' if view.subset else ''}",
        icon=":material/arrow_forward:",
        query_params=state.query_of("confusion", there),
    )
    listed = view.listed(answers.find(pair.true, pair.predicted))
    shown = listed[:EXAMPLES]
    linked_digits(
        view.split.images[shown],
        to=[replace(there, image=int(index)) for index in shown],
        descriptions=[words.image_caption(answers, index, names) for index in shown],
        more=(len(listed) - len(shown), there),
    )
