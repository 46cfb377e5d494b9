"""The button that closes the opened image."""

import streamlit as st

from dashboard.visit import state


def close_image() -> None:
    """Show the button; the image then leaves the page and the address."""
    st.button("Close", key="image-close", on_click=lambda: state.choose(image=None))
