"""Images by how they were learned over the epochs of a run."""

import numpy as np
import streamlit as st

from dashboard.components.history.display import HistoryDisplay
from dashboard.components.shared.image_list import Group, image_list
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.runs.learning_histories import LearningHistories

MOST = 500
"""Images that are listed at most where the first ones say most."""


def history_lists(view: View, histories: LearningHistories, display: HistoryDisplay) -> None:
    """Choose which images are listed, and list them."""
    settled = histories.settled
    late = view.listed(settled[histories.settled_epoch[settled] > histories.epochs[0]])
    never, forgotten = view.listed(histories.never_learned), view.listed(histories.forgotten)
    texts = {
        "never": f"Never learned · {len(never):,}",
        "forgotten": f"Forgotten · {len(forgotten):,}",
        "late": f"Learned latest · {len(late):,}",
        "cell": "Chosen cell",
    }
    selection_choice("history", "Images", texts, hide_label=True)
    if display.history == "cell":
        cell = view.chosen_cell
        positions = view.listed(view.answers.find(*cell))
        after = f"after epoch {view.epoch}"
        heading = words.images_of(len(positions), cell, view.class_names)
        st.markdown(f"{heading}, {after}{words.only_cause(view)}.")
        image_list(view, [Group("", positions)], display, key="history-sheet", height=420)
        return
    if display.history == "never":
        st.markdown(f"{_never(len(never), histories)}{words.only_cause(view)}.")
        image_list(view, [Group("", never)], display, key="history-sheet", height=420)
        return
    found = forgotten if display.history == "forgotten" else late
    positions = found[:MOST]
    listed = f" The first {MOST} of them:" if len(found) > MOST else ""
    heading = _FOUND[display.history].format(words.images(len(found)))
    st.markdown(f"{heading}{words.only_cause(view)}.{listed}")
    image_list(
        view,
        [Group("", positions)],
        display,
        key="history-sheet",
        height=420,
        keeps_order=True,
        badge=lambda place: _badge(histories, place),
    )


_FOUND = {
    "forgotten": "{} right at some epoch but wrong after the last, the most often forgotten first",
    "late": "{} right to the end, but not from the first epoch on, the latest learned first",
}


def _never(count: int, histories: LearningHistories) -> str:
    epochs = len(histories.epochs)
    return f"{words.images(count)} wrong after every one of the {epochs} epochs"


def _badge(histories: LearningHistories, place: int) -> str:
    settled = int(histories.settled_epoch[place])
    return f"since {settled}" if settled else f"{int(histories.forgettings[place])}× lost"


def nothing_recorded(view: View) -> None:
    """The run has no recorded predictions for the split."""
    recorded = [name for name in view.run.fingerprints if name in ("validation", "test")]
    st.info(
        f"{view.run.name} has no recorded predictions for these images of "
        f"{view.split.name} after each epoch. Runs record "
        f"{' and '.join(recorded) or 'their validation split'}; choose one of these in the sidebar."
    )


def histories_in_words(view: View, histories: LearningHistories) -> str:
    """How many images were learned when, in a sentence."""
    counted = np.delete(histories.is_right, view.left_out, axis=1)
    histories, n = LearningHistories(histories.epochs, counted), counted.shape[1]
    at_once = int(np.sum(histories.settled_epoch == histories.epochs[0]))
    return (
        f"Of {words.images(n)}, {at_once:,} were right from epoch {histories.epochs[0]} on, "
        f"{len(histories.never_learned):,} never, and "
        f"{int(np.sum(histories.forgettings > 0)):,} were right and then wrong again at "
        f"least once. These are images of {view.split.name}, not of training."
    )
