"""Work that takes a while: a bar with the time left and a button that stops it."""

import time
from typing import TypeVar

import streamlit as st

from dashboard.work import jobs

Made = TypeVar("Made")

_STOPPED = "stopped-work"
FIRST_WAIT = 0.3
"""Seconds before anything shows: what is stored already comes without a flicker."""


def long_work(
    key: str, label: str, work: jobs.Work[Made], *, preparing: str = "", is_kept: bool = True
) -> Made | None:
    """Wait for work without holding up the page, which shows itself again once it is done.

    Args:
        key: Tells this work from any other.
        label: What is being done, in words.
        work: See `jobs.ask`.
        preparing: What is said in place of `label` while the number of steps is unknown.
        is_kept: Whether who asks next is given what was made; else it is made again.

    Returns:
        What the work has made, `None` until then and when the visitor stopped it.
    """
    if key in st.session_state.setdefault(_STOPPED, set()):
        st.info("Stopped.")
        st.button(
            "Continue",
            key=f"go-on-{key}",
            on_click=lambda: st.session_state[_STOPPED].discard(key),
        )
        return None
    job = jobs.ask(key, work)
    # It may just have been given up, because nobody had asked for a while: then it begins anew.
    if job.is_ended(wait=FIRST_WAIT) and not job.is_given_up:
        try:
            made = job.result()
        except Exception:
            jobs.forget(key)  # a reload tries again
            raise
        if not is_kept:
            jobs.forget(key)
        return made
    _watch(key, label, work, preparing or label)
    return None


@st.fragment(run_every=0.4)
def _watch(key: str, label: str, work: jobs.Work[Made], preparing: str) -> None:
    stopped = st.session_state[_STOPPED]
    job = jobs.ask(key, work)
    if key in stopped or job.is_ended():
        st.rerun()
    st.progress(
        job.done / (job.total or 1), text=f"{label if job.total else preparing}{_time_left(job)}"
    )
    st.button("Stop", key=f"stop-{key}", on_click=lambda: stopped.add(key))


def _time_left(job: jobs.Job[Made]) -> str:
    passed = time.monotonic() - job.started
    if passed < 2 or not job.done:
        return " …"
    return f" · about {passed / job.done * (job.total - job.done):.0f} s left"
