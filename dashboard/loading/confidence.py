"""What is found out on validation, to be judged on the split on show."""

import streamlit as st

from dashboard.loading.answers import load_answers
from dashboard.loading.images import load_split
from dashboard.visit.view import View
from mnist_core.answers.evaluation import Answers
from mnist_core.answers.temperature import Temperature, fit_temperature
from mnist_core.runs.choosing import epochs_to_see

VALIDATION = "validation"


def load_validation(view: View) -> Answers | None:
    """What the epoch on show answered to validation; `None` where there is none, or no answer."""
    if view.split.name == VALIDATION:
        return view.answers
    if VALIDATION not in view.outline.sizes:
        return None
    split = load_split(view.outline.name, VALIDATION)
    if view.epoch not in epochs_to_see(view.run, split):
        return None
    return load_answers(view.run, view.epoch, split)


def is_held_out(view: View) -> bool:
    """Whether it is on record that the run did not train on the validation images of the data."""
    split = load_split(view.outline.name, VALIDATION)
    return view.run.fingerprints.get(VALIDATION) == split.fingerprint


def load_temperature(view: View, validation: Answers) -> Temperature | None:
    """The temperature of the model on show; `None` where none is the best.

    Args:
        view: What the page shows, with a model.
        validation: What it answered to validation, with probabilities of every class.
    """
    split = load_split(view.outline.name, VALIDATION)
    prints = view.run.checkpoint(view.epoch).fingerprint, split.fingerprint
    return _load_temperature(*prints, validation)


@st.cache_resource(max_entries=64, show_spinner=False)
def _load_temperature(
    checkpoint_fingerprint: str, split_fingerprint: str, _validation: Answers
) -> Temperature | None:
    return fit_temperature(_validation)
