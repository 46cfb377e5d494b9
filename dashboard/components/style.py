"""The few rules of style that Streamlit's theme has no setting for."""

import streamlit as st

_CSS = """
<style>
.stMainBlockContainer { padding: 3.4rem 2rem 2rem; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.6rem .8rem 1.5rem; } }
.stMainBlockContainer h1 { padding: 0; }
.mnist-digit { background: currentColor; image-rendering: pixelated;
  mask-size: 100% 100%; mask-repeat: no-repeat; }
.st-key-image-detail button { min-height: 2rem; padding: .1rem .6rem; }
</style>
"""


def page_style() -> None:
    """Put the rules on the page."""
    st.html(_CSS)
