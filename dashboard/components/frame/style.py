"""The few rules of style that Streamlit's theme has no setting for."""

from pathlib import Path

import streamlit as st

_CSS = Path(__file__).with_suffix(".css").read_text()


def page_style() -> None:
    """Put the rules on the page."""
    st.html(f"<style>{_CSS}</style>")
