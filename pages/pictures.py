"""What does the classifier read in your own pictures?"""

import streamlit as st

from dashboard.components.pictures.dropping import dropping
from dashboard.components.pictures.keeping import keeping, say_what_was_kept
from dashboard.components.pictures.kept_set import kept_set, own_sets
from dashboard.components.pictures.own_sheet import Change
from dashboard.components.pictures.readings import readings
from dashboard.components.shared.collected import collected, recollect
from dashboard.components.shared.empty import no_model, no_runs
from dashboard.drawing import words
from dashboard.visit import state
from mnist_core.own.own_sets import is_own_set


@st.fragment
def pictures() -> None:
    """Pictures in, digits with their readings, and the sets that were kept of them."""
    visit = state.current()
    if visit.shown is None:
        no_runs()
        return
    run, epoch = visit.shown.run, visit.shown.epoch
    st.caption(words.training(run, epoch))
    if not run.has_checkpoint(epoch):
        no_model(run, epoch, "what it reads in pictures")
        return
    names = visit.outline.class_names
    dropping(names)
    say_what_was_kept()
    digits = collected()
    if len(digits):
        keeping(digits, names)
        readings(visit, visit.shown, digits, change=_change, key="collected")
    elif not is_own_set(visit.outline.name):
        st.info(
            "Drop pictures of digits to see what the model reads in them, or keep drawings on the "
            "sketch page. With labels they are scored, for every run, and can be kept as a data "
            "set of your own."
        )
    own_sets(visit)
    if is_own_set(visit.outline.name):
        kept_set(visit, visit.shown)


def _change(place: int, change: Change) -> None:
    digits = collected()
    if place < len(digits):
        recollect(change(digits, place))


st.title("Pictures")
pictures()
