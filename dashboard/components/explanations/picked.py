"""Images picked by hand for the sheet."""

import streamlit as st

from dashboard.components.explanations.display import MOST_PICKED, ExplanationsDisplay
from dashboard.components.shared.selection_widgets import mirror
from dashboard.visit import state
from dashboard.visit.display import Positions
from dashboard.visit.view import View

_READ = Positions(MOST_PICKED)


def picked_by_hand(view: View, index: int, display: ExplanationsDisplay) -> None:
    """Let positions be typed, and the opened image be added or left out.

    Args:
        view: What the page shows.
        index: Position of the opened image.
        display: How the page is displayed.
    """
    picked = [word for word in display.picked.split(",") if word]
    is_there = str(index) in picked
    others = [word for word in picked if word != str(index)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Positions of the images, with commas",
            placeholder="12, 340, 7",
            width=340,
            **mirror("picked-positions", display.picked.replace(",", ", "), _choose),
        )
        st.button(
            f"Leave out image {index}" if is_there else f"Add image {index}",
            key="pick-opened",
            disabled=not is_there and len(picked) >= MOST_PICKED,
            on_click=lambda: state.choose(
                picked=",".join(others if is_there else [*picked, str(index)])
            ),
        )
    if st.session_state.pop(_UNREAD, False):
        st.warning(f"Write positions with commas, like 12, 340, 7; at most {MOST_PICKED}.")
    absent = [word for word in picked if int(word) >= len(view.split)]
    if absent:
        st.caption(f"Not in {view.split.name}: {', '.join(absent)}.")


_UNREAD = "picked-unread"


def _choose(text: str) -> None:
    read = _READ.read(text)
    if read is None:
        st.session_state[_UNREAD] = True
        return
    state.choose(picked=read)
