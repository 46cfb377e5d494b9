"""What a page says while there is nothing to show."""

import streamlit as st


def no_runs() -> None:
    """There is no run that could be looked at."""
    st.info(
        "No run can be looked at yet. Train one from the project's folder (a minute on the "
        "embedded digits), then reload this page:",
    )
    st.code(".venv/bin/mnist-lens train simple-conv --data mnist-5k", language="bash")
