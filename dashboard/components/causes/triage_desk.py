"""Going through errors one by one: a key for each cause, undo, and the way to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from dashboard.components.shared.digit import digit
from dashboard.components.shared.image_steps import image_steps
from dashboard.drawing import words
from dashboard.loading.causes import triage_file_of
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.errors import TriageError
from mnist_core.triage import CAUSES, LABEL_WRONG, MOST_CHARACTERS

_WRITTEN, _OWN_WORDS = "written-entries", "own-words"
_Written = list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Queue:
    """The images to go through, in order, and where one stands in it.

    Attributes:
        view: What the page shows.
        positions: Of one or more images of the split. `int64`, shape `(n,)`.
        suggestions: The class that an image's label should be, by its position, where others than
            the chosen run say so.
    """

    view: View
    positions: np.ndarray
    suggestions: Mapping[int, int] = field(default_factory=dict)

    @property
    def open(self) -> np.ndarray:
        """Those without a cause."""
        done = np.fromiter(self.view.causes, np.int64, len(self.view.causes))
        return self.positions[~np.isin(self.positions, done)]

    @property
    def current(self) -> int:
        """The opened image, else the first without a cause, else the first."""
        if self.view.image is not None:
            return self.view.image
        return int((self.open if len(self.open) else self.positions)[0])

    def beside(self, step: int) -> int | None:
        """The image so many steps on; `None` where there is none.

        An opened image that is not in the queue stands before the first one.
        """
        place = self._place_of(self.current) + step
        return int(self.positions[place]) if 0 <= place < len(self.positions) else None

    def next_open(self, after: int) -> int | None:
        """The next image without a cause after one of the queue, or before it."""
        start = self._place_of(after) + 1
        round_trip = np.concatenate([self.positions[start:], self.positions[:start]])
        left = round_trip[np.isin(round_trip, self.open) & (round_trip != after)]
        return int(left[0]) if left.size else None

    def suggestion(self, index: int) -> int | None:
        """What the label of an image should be; `None` if nobody says that it is another one."""
        label = self.suggestions.get(index, int(self.view.answers.y_pred[index]))
        given = int(self.view.split.labels[index])
        return label if label != given and label < len(self.view.outline.class_names) else None

    def _place_of(self, image: int) -> int:
        found = np.flatnonzero(self.positions == image)
        return int(found[0]) if found.size else -1


def triage_desk(queue: Queue) -> None:
    """Show the current image with a button and a key for each cause."""
    view, index = queue.view, queue.current
    done = len(queue.positions) - len(queue.open)
    st.progress(
        done / len(queue.positions),
        text=f"{done:,} of {words.images(len(queue.positions))} have a cause",
    )
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        caption = words.image_caption(view.answers, index, view.class_names)
        digit(view.split.images[index], description=caption, pixels=196)
        st.markdown(caption)
        if index not in queue.positions:
            st.caption("This image is not in the current list; Next opens the first one that is.")
        if view.answers.y_prob is not None:
            st.caption(words.top_three(view.answers, index, view.class_names))
        image_steps(view, index, here="causes")
    with right:
        _say_cause(view, index)
        with st.container(gap="xsmall"):
            for number, cause in enumerate(CAUSES, start=1):
                if cause == LABEL_WRONG:
                    _label_wrong(queue, index, shortcut=str(number))
                else:
                    _cause_button(queue, index, cause, shortcut=str(number))
            _own_words(queue, index)
        _steps(queue)


def write_down(queue: Queue, index: int, cause: str | None, *, label: int | None = None) -> None:
    """Enter the cause of an image and go on to the next without one; for callbacks.

    Args:
        queue: The images to go through.
        index: Position of the image in its split.
        cause: None clears the cause.
        label: What a wrong label should be, if that is said.
    """
    view = queue.view
    try:
        entry = triage_file_of(view.outline.name).enter(
            view.split.fingerprint, index, cause, label=label
        )
    except TriageError as error:
        st.toast(words.plain(str(error)))
        return
    _written(view).append((entry.number, index))
    state.choose(image=queue.next_open(index) if cause else index)


def undo_button(view: View) -> None:
    """Undo the last entry made in this window, and open its image again."""
    written = _written(view)

    def undo() -> None:
        if not written:  # a second press before the page was drawn again
            return
        number, index = written[-1]
        try:
            is_undone = triage_file_of(view.outline.name).undo(number)
        except TriageError as error:
            st.toast(words.plain(str(error)))
            return
        if not is_undone:
            st.toast("Someone has since given this image another cause; theirs stays.")
        written.pop()
        state.choose(image=index)

    st.button("Undo", key="triage-undo", shortcut="U", disabled=not written, on_click=undo)


def _written(view: View) -> _Written:
    """Number and image of each entry of this window, of the split on show alone."""
    # Each data set has a file and numbers of its own: one of another file must not be undone here.
    everywhere = st.session_state.setdefault(_WRITTEN, {})
    return everywhere.setdefault((view.outline.name, view.split.fingerprint), [])


def _say_cause(view: View, index: int) -> None:
    entry = view.causes.get(index)
    if entry is None or entry.cause is None:
        st.markdown("**What is the cause?**")
        return
    suggested = "" if entry.label is None else f", should be {view.class_names[entry.label]}"
    st.markdown(f"**{words.plain(entry.cause)}**{suggested} · {entry.at[:10]}")


def _label_wrong(queue: Queue, index: int, *, shortcut: str) -> None:
    """The button of wrong labels, and a box to say another label than the suggested one."""
    view, entry = queue.view, queue.view.causes.get(index)
    if entry is not None and entry.cause == LABEL_WRONG:
        label = entry.label
    else:
        label = queue.suggestion(index)
    names, given = view.outline.class_names, int(view.split.labels[index])
    others: dict[str, int | None] = {
        f"it is {name}": other for other, name in enumerate(names) if other not in (given, label)
    }
    if label is not None:
        others["I cannot say"] = None
    # Of this image and entry alone: what is chosen is written down at once, and then no choice.
    number = entry.number if entry is not None else 0
    key = f"other-label-{view.split.fingerprint[:8]}-{index}-{number}"

    def choose() -> None:
        chosen = st.session_state[key]
        if chosen is not None:  # as it is after a choice that could not be written down
            write_down(queue, index, LABEL_WRONG, label=others[chosen])

    with st.container(horizontal=True, gap="xsmall"):
        _cause_button(queue, index, LABEL_WRONG, shortcut=shortcut, label=label)
        st.selectbox(
            "The label is wrong, but",
            others,
            index=None,
            placeholder="or another label …",
            key=key,
            on_change=choose,
            label_visibility="collapsed",
        )


def _cause_button(
    queue: Queue, index: int, cause: str, *, shortcut: str, label: int | None = None
) -> None:
    entry = queue.view.causes.get(index)
    should_be = "" if label is None else f", it is {queue.view.outline.class_names[label]}"
    st.button(
        cause.capitalize() + should_be,
        key=f"cause-{shortcut}",
        shortcut=shortcut,
        width="stretch",
        type="primary" if entry is not None and entry.cause == cause else "secondary",
        on_click=lambda: write_down(queue, index, cause, label=label),
    )


def _own_words(queue: Queue, index: int) -> None:
    def enter() -> None:
        if st.session_state[_OWN_WORDS].strip():
            write_down(queue, index, st.session_state[_OWN_WORDS])

    # In a form, because a field alone would hand in half a word when another button is clicked.
    with (
        st.form("own-words-form", clear_on_submit=True, border=False),
        st.container(horizontal=True, gap="xsmall"),
    ):
        st.text_input(
            "In your own words",
            key=_OWN_WORDS,
            max_chars=MOST_CHARACTERS,
            placeholder="Your own words",
            label_visibility="collapsed",
        )
        st.form_submit_button("Enter", key="own-words-enter", on_click=enter)


def _steps(queue: Queue) -> None:
    before, after = queue.beside(-1), queue.beside(1)
    has_cause = queue.current in queue.view.causes
    with st.container(horizontal=True, gap="xsmall", key="triage-steps"):
        _step("Previous", before, "P")
        _step("Next", after, "N")
        undo_button(queue.view)
        st.button(
            "Clear",
            key="triage-clear",
            disabled=not has_cause,
            on_click=lambda: write_down(queue, queue.current, None),
        )


def _step(label: str, index: int | None, shortcut: str) -> None:
    st.button(
        label,
        key=f"triage-{label.lower()}",
        shortcut=shortcut,
        disabled=index is None,
        on_click=lambda: state.choose(image=index),
    )
