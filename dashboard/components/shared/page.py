"""What every page about a run has in common: its title, its view, and its parts."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.components.shared.empty import no_runs
from dashboard.components.shared.narrowing import narrowed
from dashboard.visit import state
from dashboard.visit.load_view import load_view
from dashboard.visit.view import View

Part = Callable[[View, Any], None]
"""Shows a part of a page: given what it is about, and the page's display."""


def page_about_a_run(
    title: str, *parts: Part, is_redrawn_alone: bool = True, shows_all_without: bool = False
) -> None:
    """Show a page, or how to train a run while there is none.

    Args:
        title: Of the page.
        parts: What it shows, one beneath the other.
        is_redrawn_alone: Whether a click in a part reruns no more than that part.
        shows_all_without: Whether it is about all images where the set asked for has none.
    """
    st.title(title)
    if state.current().shown is None:
        no_runs()
        return
    for part in parts:
        show = st.fragment(_show) if is_redrawn_alone else _show
        show(part, shows_all_without)


def _show(part: Part, shows_all_without: bool) -> None:
    visit = state.current()
    assert visit.shown is not None  # without one, there is no part
    view = narrowed(load_view(visit, visit.shown), or_all=shows_all_without)
    if view is not None:
        part(view, visit.display)
