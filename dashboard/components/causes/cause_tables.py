"""The causes found so far: a chart, and the table out and in."""

import streamlit as st

from dashboard.drawing import words
from dashboard.drawing.figures.causes import causes_figure
from dashboard.loading.causes import load_causes, triage_file_of
from dashboard.visit.view import View
from mnist_core.errors import TriageError
from mnist_core.triage import counts
from mnist_core.triage.triage_csv import read_csv, to_csv

_UPLOAD, _SAID = "causes-upload", "causes-imported"


def cause_tables(view: View) -> None:
    """Show how many images have which cause; causes can be exported and imported as CSV."""
    if view.causes:
        figure = causes_figure(counts(view.causes))
        st.plotly_chart(figure, key="causes-chart", config={"displayModeBar": False})
    else:
        st.caption(f"No image of {view.split.name} has a cause yet. A chart will appear here.")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.download_button(
            "CSV",
            lambda: to_csv(load_causes(view.split, view.outline.name)),
            file_name=f"causes-{view.outline.name}-{view.split.name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not view.causes,
            key="causes-csv",
        )
        with st.popover("Import CSV", icon=":material/upload:"):
            _import(view)


def _import(view: View) -> None:
    # Each import takes another widget, since a browser keeps the file that it has sent.
    done = st.session_state.setdefault(_UPLOAD, 0)
    file = st.file_uploader(
        "A CSV file exported here", type="csv", max_upload_size=20, key=f"{_UPLOAD}-{done}"
    )

    def import_file() -> None:  # before the page is drawn, so that it shows the new causes at once
        if file is None:
            return
        split = view.split
        st.session_state[_UPLOAD] = done + 1
        try:
            findings = read_csv(
                file.getvalue(),
                split=split.fingerprint,
                size=len(split),
                n_classes=split.n_classes,
            )
            entries = triage_file_of(view.outline.name).merge(split.fingerprint, findings)
        except TriageError as error:
            st.session_state[_SAID] = st.error, words.plain(str(error))
            return
        news = f"The cause of {words.images(len(entries))} changed."
        st.session_state[_SAID] = st.success, news

    st.button("Import", key="causes-import", on_click=import_file, disabled=file is None)
    if _SAID in st.session_state:
        say, news = st.session_state.pop(_SAID)
        say(news)
