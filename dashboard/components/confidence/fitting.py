"""What is fitted on validation: the temperature, and what there is to say of it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.components.shared.empty import no_model
from dashboard.drawing import words
from dashboard.loading.confidence import (
    VALIDATION,
    is_held_out,
    load_temperature,
    load_validation,
)
from dashboard.visit.view import View
from mnist_core.answers.evaluation import Answers
from mnist_core.answers.temperature import Temperature, at_temperature, vanished


@dataclass(frozen=True, eq=False)
class Fitted:
    """What validation gives.

    Attributes:
        validation: What the epoch on show answered to validation; `None` where it did not.
        temperature: The best there; `None` where there is none, or no model to fit it for.
        tempered: The answers that count at this temperature.
    """

    validation: Answers | None
    temperature: Temperature | None = None
    tempered: Answers | None = None


def fitted(view: View) -> Fitted:
    """All of it, as far as there is something to fit on."""
    validation = load_validation(view)
    if validation is None or not view.has_model:
        return Fitted(validation)
    temperature = load_temperature(view, validation)
    if temperature is None:
        return Fitted(validation)
    return Fitted(validation, temperature, at_temperature(view.counted, temperature.value))


def what_was_fitted(view: View, found: Fitted) -> None:
    """Say it, or why there is no temperature."""
    if not view.has_model:
        no_model(view.run, view.epoch, "what a temperature would change")
    elif found.validation is None:
        st.caption(f"No temperature is fitted: {no_validation(view)}.")
    elif found.temperature is None:
        st.caption(
            "No temperature is the best on validation: where every answer is right being surer is "
            "always better, and where answers are no better than guesses being less sure is."
        )
    else:
        st.caption(
            words.tempered(
                found.temperature,
                len(found.validation),
                is_shown=is_fitted_on(view),
                vanished=vanished(view.counted),
            )
        )
    if found.validation is not None and not is_held_out(view):
        st.caption(
            f"Whether {words.plain(view.run.name)} trained on these images of validation is not on "
            "record; if it did, what is fitted on them is too good."
        )


def is_fitted_on(view: View) -> bool:
    """Whether the images on show are those that temperature and threshold are found on."""
    return view.split.name == VALIDATION


def no_validation(view: View) -> str:
    """Why there is nothing to fit on, in a clause."""
    if VALIDATION in view.outline.sizes:
        return f"epoch {view.epoch} has no answers to validation"
    return f"{words.plain(view.outline.title)} has no validation split here"
