"""One line on how the answers on show differ from those chosen to compare with."""

import streamlit as st

from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.runs.seeds import spread_of


def difference(view: View) -> None:
    """Say it, where something is chosen to compare with."""
    before, comparison = view.baseline, view.counted_comparison
    if before is None or comparison is None:
        return
    with st.container(key="difference"):
        if (before.run.name, before.epoch) == (view.run.name, view.epoch):
            st.markdown("Compared with itself: choose another run or epoch in the sidebar.")
            return
        st.markdown(
            words.plain(words.difference(comparison, str(before), is_tested=view.is_tested))
        )
        for sentence in seeds_in_words(view, before.run.name):
            st.caption(words.plain(sentence))


def seeds_in_words(view: View, *others: str) -> list[str]:
    """How far the seeds of the run on show and of others lie apart, a sentence for each recipe."""
    runs = {run.name: run for run in view.runs}
    named = [runs[name] for name in (view.run.name, *others) if name in runs]
    spreads = (spread_of(run, runs.values(), view.split.name) for run in named)
    return [words.spread(found, view.split.name) for found in dict.fromkeys(spreads) if found]
