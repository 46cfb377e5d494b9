"""What a page says while there is nothing to show."""

import streamlit as st

from dashboard.drawing import words
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.runs import Run


def no_runs() -> None:
    """There is no run that could be looked at."""
    st.info(
        "There are no runs to show yet. Train one from the project folder (about a minute on the "
        "embedded digits), then reload this page:",
    )
    st.code(".venv/bin/mnist-lens train simple-conv --data mnist-5k", language="bash")


def no_model(run: Run, epoch: int, what: str) -> None:
    """The model of an epoch was not kept: say what cannot be shown, and offer those that were.

    Args:
        run: The run on show.
        epoch: The epoch on show.
        what: What would need the model, in words.
    """
    kept = [checkpoint.epoch for checkpoint in run.checkpoints]
    others = " Models are available for:" if kept else ""
    st.info(
        f"The model of epoch {epoch} was not kept, only its predictions, so {what} cannot be "
        f"shown.{others}"
    )
    with st.container(horizontal=True, gap="xsmall"):
        for other in kept:
            st.button(
                f"Epoch {other}{', the best' * (other == run.best_epoch)}",
                key=f"kept-{what}-{other}",
                on_click=lambda other=other: state.choose(epoch=other),
            )


def no_probabilities(run: Run, what: str) -> None:
    """The model answers with scores, of which only the order counts.

    Args:
        run: The run on show.
        what: What would need probabilities, in words.
    """
    st.info(
        f"{words.plain(run.name)} answers with scores, which promise no accuracy, so {what} cannot "
        "be shown. Choose a run whose model ends in a softmax."
    )


def nothing_listed(view: View, what: str) -> None:
    """No image is left to go through: say which choices in the sidebar left them out.

    Args:
        view: What the page shows.
        what: One of the images, in words.
    """
    reasons = [
        *([] if view.cause is None else [f"only the cause ‘{words.plain(view.cause)}’ is listed"]),
        *(["images marked as mislabelled are left out"] if len(view.mislabelled) else []),
    ]
    why = f" In the sidebar, {' and '.join(reasons)}." if reasons else ""
    st.info(f"No {what} to look at on {view.split.name}.{why}")
