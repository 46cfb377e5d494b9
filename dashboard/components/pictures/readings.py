"""What the run on show and every other read in digits of one's own."""

from collections.abc import Callable

import streamlit as st

from dashboard.components.pictures.own_sheet import Change, Sheet, own_sheet
from dashboard.components.pictures.scores import score, score_in_words, scores_table
from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.runs_at_once import chosen_runs
from dashboard.loading.long_work import reading_job
from dashboard.visit.view import RunAndEpoch
from dashboard.visit.visit import Visit
from mnist_core.datasets import class_names
from mnist_core.own.own_digits import OwnDigits

MOST_ASKED = 20
"""Runs at most, the best on validation: each opens its model."""


def readings(
    visit: Visit,
    shown: RunAndEpoch,
    digits: OwnDigits,
    *,
    change: Callable[[int, Change], None],
    key: str,
) -> None:
    """Show the digits with the readings of the run on show, then how every run does on them.

    Args:
        visit: What is looked at.
        shown: Its run, with a model of its epoch.
        digits: One or more.
        change: Changes one of them, by its position, where they are kept.
        key: One for each such list on a page.
    """
    own = long_work(*reading_job([shown], digits.images))
    if own is None:
        return
    outputs = own.get(shown.run.name)
    if outputs is None:
        st.info(f"The model of {shown.run.name} cannot be opened. Choose another run.")
        return
    names = class_names(visit.outline, outputs.shape[1])
    st.markdown(f"**{score_in_words(score(digits, outputs, shown), len(digits))}**")
    n_labels = min(len(visit.outline.class_names), len(names))
    own_sheet(
        Sheet(
            digits=digits,
            outputs=outputs,
            shown=shown,
            class_names=names,
            n_labels=n_labels,
            selection=visit.selection,
            change=change,
            key=f"{key}-sheet",
        )
    )
    if len(digits.labelled):
        _every_run(visit, digits, key)


def _every_run(visit: Visit, digits: OwnDigits, key: str) -> None:
    chosen = chosen_runs(visit.usable_runs, visit.split, visit.selection)
    asked = [one for one in chosen if one.run.has_checkpoint(one.epoch)][:MOST_ASKED]
    outputs = long_work(*reading_job(asked, digits.images))
    if outputs is not None:
        most = max(one.run.n_classes for one in asked)
        names = class_names(visit.outline, most)
        scores_table(visit, digits, asked, outputs, names, key=f"{key}-scores")
