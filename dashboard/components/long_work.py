"""Work that takes a while: a bar with the time left, and a button that stops it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

_STOPPED = "stopped-work"


def is_stopped(task: str) -> bool:
    """Whether the visitor stopped this very task; offers to take it up again."""
    if st.session_state.get(_STOPPED) != task:
        return False
    st.info("Stopped. What had been computed so far was let go.")
    st.button("Start again", on_click=lambda: st.session_state.pop(_STOPPED))
    return True


@contextmanager
def progress(task: str, label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes steps done and steps in all; nothing shows before its first call.

    The stop button makes Streamlit leave the script at the next step; `is_stopped` then says so.

    Args:
        task: Tells this work from any other, e.g. by what it works on.
        label: What is being done, in words.
    """
    place, started = st.empty(), time.monotonic()
    shown: list = []

    def report(done: int, total: int) -> None:
        if not shown:
            with place.container():
                shown.append(st.progress(0.0))
                st.button("Stop", on_click=lambda: st.session_state.update({_STOPPED: task}))
        left = (time.monotonic() - started) / max(done, 1) * (total - done)
        shown[0].progress(done / total, text=f"{label} · about {left:.0f} s left")

    yield report
    place.empty()
