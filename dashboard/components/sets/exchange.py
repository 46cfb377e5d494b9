"""The named sets as a file, out and in."""

import streamlit as st

from dashboard.drawing import words
from dashboard.loading.named_sets import export_sets, import_sets
from dashboard.visit.view import View
from mnist_core.errors import SetError

_UPLOAD, _SAID = "sets-upload", "sets-imported"


def exchange(view: View, *, n_sets: int) -> None:
    """Show the ways out and in.

    Args:
        view: What the page shows.
        n_sets: How many there are to export.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.download_button(
            "JSON",
            lambda: export_sets(view),
            file_name=f"sets-{view.outline.name}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            disabled=not n_sets,
            key="sets-json",
            help="All sets of this data set in one file.",
        )
        with st.popover("Import JSON", icon=":material/upload:"):
            _import(view)
    if _SAID in st.session_state:
        say, news = st.session_state.pop(_SAID)
        say(news)


def _import(view: View) -> None:
    # Each import takes another widget, since a browser keeps the file that it has sent.
    done = st.session_state.setdefault(_UPLOAD, 0)
    file = st.file_uploader(
        "A JSON file exported here", type="json", max_upload_size=20, key=f"{_UPLOAD}-{done}"
    )

    def import_file() -> None:  # before the page is drawn, so that it shows the new sets at once
        if file is None:
            return
        st.session_state[_UPLOAD] = done + 1
        try:
            sets = import_sets(file.getvalue())
        except SetError as error:
            st.session_state[_SAID] = st.error, words.plain(str(error))
            return
        st.session_state[_SAID] = st.success, _news(view, [one.data for one in sets])

    st.button("Import", key="sets-import", on_click=import_file, disabled=file is None)


def _news(view: View, data: list[str]) -> str:
    n = len(data)
    elsewhere = sorted({name for name in data if name != view.outline.name})
    of_others = f", some of {words.plain(', '.join(elsewhere))}" if elsewhere else ""
    return f"{n:,} set{'' if n == 1 else 's'} imported{of_others}."
