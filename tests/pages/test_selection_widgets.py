"""A widget shows what the selection says, whoever has changed that."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dashboard.components.shared.selection_widgets import mirror

    def choose(text: str) -> None:
        st.session_state["chosen"] = text

    shown = st.session_state.setdefault("chosen", "one")
    st.selectbox("Box", ["one", "two", "three"], **mirror("box", shown, choose))
    st.button("Three", on_click=choose, args=("three",))
    st.button("Nothing")


def test_what_is_chosen_in_a_widget_counts_and_leaves_it_the_same() -> None:
    app = AppTest.from_function(page).run()
    key = app.selectbox[0].key
    app.selectbox[0].select("two").run()
    assert app.session_state["chosen"] == app.selectbox[0].value == "two"
    assert app.selectbox[0].key == key


def test_a_choice_made_elsewhere_is_shown() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert app.session_state["chosen"] == app.selectbox[0].value == "three"
    assert not app.exception


def late() -> AppTest:
    """The page after a choice of "three" of which the browser has not heard yet."""
    app = AppTest.from_function(page).run()
    before = app._tree
    app.button[0].click().run()
    app._tree = before
    app.button[0].set_value(False)
    return app


def test_what_a_late_browser_still_shows_takes_no_choice_back() -> None:
    app = late()
    app.selectbox[0].set_value("one")
    app.button[1].click().run()
    assert app.session_state["chosen"] == app.selectbox[0].value == "three"
    assert not app.exception


def test_what_is_chosen_in_a_late_browser_counts() -> None:
    app = late()
    app.selectbox[0].select("two").run()
    assert app.session_state["chosen"] == app.selectbox[0].value == "two"
    assert not app.exception
