"""Digits of one's own, each with what the model reads in it; one of them can be opened."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.components.shared.contact_sheet import contact_sheet
from dashboard.components.shared.digit import digit
from dashboard.components.shared.explain_link import explain_link
from dashboard.drawing import words
from dashboard.drawing.figures.probabilities import probabilities_figure
from dashboard.visit.selection import Selection
from dashboard.visit.view import RunAndEpoch
from mnist_core.formatting import answer
from mnist_core.own.own_digits import UNKNOWN, OwnDigits

Change = Callable[[OwnDigits, int], OwnDigits]
"""Is given digits and the position of one; gives what they become."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a sheet of one's own digits shows.

    Attributes:
        digits: The digits.
        outputs: What the run on show answers to each. `float32`, shape `(n, n_classes)`.
        shown: The run on show.
        class_names: Name of each class that the run tells apart.
        n_labels: How many of them, from the first on, a digit can be labelled with.
        selection: What is looked at.
        change: Changes one of the digits, where they are kept.
        key: One for each sheet on a page.
    """

    digits: OwnDigits
    outputs: np.ndarray
    shown: RunAndEpoch
    class_names: tuple[str, ...]
    n_labels: int
    selection: Selection
    change: Callable[[int, Change], None]
    key: str


def own_sheet(sheet: Sheet) -> None:
    """Show the digits, mistakes marked, and the opened one in depth."""
    key = f"{sheet.key}-opened"
    opened = st.session_state.get(key)
    if opened is not None and opened >= len(sheet.digits):
        opened = None
    read = sheet.outputs.argmax(axis=1)

    def choose(place: int) -> None:
        st.session_state[key] = None if place == opened else place

    contact_sheet(
        sheet.digits.images,
        indices=np.arange(len(sheet.digits)),
        captions=[_caption(sheet, place) for place in range(len(sheet.digits))],
        badges=[_badge(sheet, place, int(read[place])) for place in range(len(sheet.digits))],
        chosen=opened,
        on_choose=choose,
        key=sheet.key,
        height=420,
    )
    if opened is not None:
        _opened(sheet, opened)
    else:
        st.caption("Choose a digit to see what the model says of it, and to label it.")


def _badge(sheet: Sheet, place: int, read: int) -> str:
    true = int(sheet.digits.labels[place])
    name = sheet.class_names[read]
    return name if true in (UNKNOWN, read) else f"{sheet.class_names[true]}→{name}"


def _caption(sheet: Sheet, place: int) -> str:
    answers, true = sheet.outputs[place], int(sheet.digits.labels[place])
    top = words.best_three(answers, sheet.class_names, sheet.shown.run.output)
    label = "no label" if true == UNKNOWN else f"true {sheet.class_names[true]}"
    return f"{sheet.digits.names[place]}, {label}. {top}"


def _opened(sheet: Sheet, place: int) -> None:
    answers, output = sheet.outputs[place], sheet.shown.run.output
    read, true = int(answers.argmax()), int(sheet.digits.labels[place])
    with st.container(key=f"{sheet.key}-detail"):
        left, right = st.columns([1, 1.6], gap="medium")
        with left:
            st.subheader(
                f"Reads as {sheet.class_names[read]}, {answer(float(answers[read]), output)}"
            )
            description = f"The digit as the model sees it, read as {sheet.class_names[read]}"
            digit(sheet.digits.images[place], description=description)
            st.caption(words.plain(str(sheet.digits.names[place])))
            _label(sheet, place, true)
            image = sheet.digits.images[place]
            explain_link(sheet.selection, image, label="Explain this digit")
        with right:
            figure = probabilities_figure(
                answers,
                class_names=sheet.class_names,
                true=None if true == UNKNOWN else true,
                output=output,
                height=320,
            )
            key = f"{sheet.key}-probabilities"
            st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def _label(sheet: Sheet, place: int, true: int) -> None:
    key = f"{sheet.key}-label-{place}-{true}"

    def labelled() -> None:
        label = st.session_state[key]
        if label is not None:
            sheet.change(place, lambda digits, at: digits.labelled_as(label, [at]))

    st.selectbox(
        "True label",
        range(sheet.n_labels),
        index=None if true == UNKNOWN else true,
        format_func=sheet.class_names.__getitem__,
        placeholder="Not said yet",
        key=key,
        on_change=labelled,
        width=168,
    )

    def removed() -> None:
        st.session_state[f"{sheet.key}-opened"] = None
        sheet.change(place, lambda digits, at: digits.without([at]))

    st.button("Remove", icon=":material/delete:", key=f"{sheet.key}-remove", on_click=removed)
