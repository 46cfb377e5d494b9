"""What the run, and the one it is compared with, answered to the opened image over the epochs."""

import streamlit as st

from dashboard.components.shared.cell_grid import cell_grid
from dashboard.drawing.grids.ribbon import BASELINE, ribbon_grid
from dashboard.loading.answers import load_recorded
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.datasets import class_names
from mnist_core.runs import EpochPredictions
from mnist_core.runs.learning_histories import LearningHistories


def prediction_ribbon(view: View, index: int) -> None:
    """Show a strip for each; choosing an epoch looks at that epoch. Nothing where none is kept."""
    runs = [view.run]
    if view.baseline is not None and view.baseline.run.name != view.run.name:
        runs.append(view.baseline.run)
    recorded = [
        (run.name, answers, run.output)
        for run in runs
        if (answers := load_recorded(run, view.split)) is not None
    ]
    if not recorded or recorded[0][0] != view.run.name:
        st.caption("This run has no recorded predictions for this split after each epoch.")
        return
    true = int(view.split.labels[index])
    st.markdown(f"**Over the epochs** · {_summary(recorded[0][1], index, true)}")
    names = class_names(view.outline, max(run.n_classes for run in runs))
    grid = ribbon_grid(recorded, index, true=true, class_names=names)

    def choose(strip: int | None, epoch: int | None, _: str) -> None:
        name = "baseline_epoch" if strip == BASELINE else "epoch"
        state.choose(**{name: epoch})

    cell_grid(grid, chosen=(0, view.epoch, ""), on_choose=choose, key="prediction-ribbon")


def _summary(answers: EpochPredictions, index: int, true: int) -> str:
    of_image = LearningHistories(answers.epochs, answers.predicted[:, [index]] == true)
    settled = int(of_image.settled_epoch[0])
    return f"right from epoch {settled} on" if settled else "wrong after the last epoch"
