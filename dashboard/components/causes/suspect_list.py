"""Labels that models not trained on the images doubt, the most suspect first."""

import streamlit as st

from dashboard.components.causes.triage_desk import Queue, triage_desk, undo_button
from dashboard.components.shared.empty import nothing_listed
from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.list_display import ListDisplay
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import suspects_job
from dashboard.visit.view import View
from mnist_core.suspects import Suspects

LEAST = 20
"""Labels that are listed even where the models agree with them."""


def suspect_list(view: View, display: ListDisplay) -> None:
    """Show the ranking with given and suggested label, and the desk for the opened image."""
    job = suspects_job(view)
    if job is None:
        _no_evidence(view)
        return
    suspects = long_work(*job)
    if suspects is None:
        return
    _say(view, suspects)
    shown = max(suspects.n_disputed, LEAST)
    positions = view.listed(suspects.indices[:shown])
    if not len(positions):
        nothing_listed(view, "suspect label")
        undo_button(view)
        return
    place = {int(position): rank for rank, position in enumerate(suspects.indices[:shown])}
    suggestions = {position: int(suspects.suggested[rank]) for position, rank in place.items()}
    queue, names = Queue(view, positions, suggestions), view.class_names

    def badge(position: int) -> str:
        rank = place[position]
        return f"{names[suspects.given[rank]]}, {names[suspects.suggested[rank]]}?"

    left, right = st.columns([1.2, 1], gap="medium")
    with left, st.container(key="suspects"):
        image_list(
            view,
            [Group("", positions)],
            display,
            key="suspects-sheet",
            height=520,
            keeps_order=True,
            badge=badge,
            chosen=queue.current,
        )
    with right, st.container(key="triage-desk"):
        triage_desk(queue)
        if queue.current in place:
            st.caption(f"Label quality {suspects.score[place[queue.current]]:.3f} of 1.")


def _say(view: View, suspects: Suspects) -> None:
    disputed = suspects.n_disputed
    st.markdown(
        f"Of {words.images(len(suspects))} of {view.split.name}, the models on average doubt the "
        f"label of **{disputed:,}**: they find another class more probable than the one "
        "given. Beneath each image: the given label, then the suggested one."
    )
    with st.expander("Which models were asked"):
        st.caption(
            "None of them trained on these images. Their probabilities are averaged; the label "
            "quality is cleanlab's normalized margin, half of 1 + the given class's probability − "
            "the highest of another class. "
            + (
                "Their epochs were chosen on this split. "
                if view.split.name == "validation"
                else ""
            )
            + words.plain("; ".join(suspects.evidence))
        )


def _no_evidence(view: View) -> None:
    if view.split.name == "train":
        st.info(
            "Every model here was trained on these images, so none can judge their labels. "
            "Models that can are made by cross-validation: run this command in the project's "
            "folder, then reload this page:"
        )
        st.code(
            f".venv/bin/mnist-lens suspects --split train --data {view.outline.name}",
            language="bash",
        )
        return
    st.info(
        f"No run can judge the labels of {view.split.name}: each may have been trained on these "
        "images. Train a run on this data set; from the project's folder:"
    )
    st.code(f".venv/bin/mnist-lens train simple-conv --data {view.outline.name}", language="bash")
